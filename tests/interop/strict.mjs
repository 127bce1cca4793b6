// Somebody with Element's own crypto who excludes insecure devices (MSC4153): accepts one invitation, reads one message,
// answers it, and tells what happened as lines of JSON on standard output.
//
// Environment: HOMESERVER, USER (full id), PASSWORD, ANSWER (what to say back).

import process from "node:process";

import { ClientEvent, createClient, MatrixEventEvent, RoomEvent } from "matrix-js-sdk";
import { DecryptionFailureCode, OnlySignedDevicesIsolationMode } from "matrix-js-sdk/lib/crypto-api/index.js";

const { HOMESERVER, USER, PASSWORD, ANSWER } = process.env;

const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, getChild: () => quiet };
for (const level of ["log", "debug", "info", "warn", "trace"]) {
    console[level] = () => {};
}

const tell = (fact) => process.stdout.write(`${JSON.stringify(fact)}\n`);

async function loggedIn() {
    const login = await createClient({ baseUrl: HOMESERVER, logger: quiet }).loginRequest({
        type: "m.login.password",
        identifier: { type: "m.id.user", user: USER },
        password: PASSWORD,
    });
    return createClient({
        baseUrl: HOMESERVER,
        userId: login.user_id,
        deviceId: login.device_id,
        accessToken: login.access_token,
        logger: quiet,
    });
}

async function excludeInsecureDevices(client) {
    await client.initRustCrypto({ useIndexedDB: false });
    const crypto = client.getCrypto();
    crypto.setDeviceIsolationMode(new OnlySignedDevicesIsolationMode());
    await crypto.bootstrapCrossSigning({ authUploadDeviceSigningKeys: (upload) => upload(proof) });
}

const proof = { type: "m.login.password", identifier: { type: "m.id.user", user: USER }, password: PASSWORD };

function acceptInvitations(client) {
    client.on(RoomEvent.MyMembership, async (room, membership) => {
        if (membership === "invite") {
            await client.joinRoom(room.roomId);
            tell({ joined: room.roomId });
        }
    });
}

// The first message of somebody else, once it can be read or is certain to stay unreadable.
function firstMessage(client) {
    return new Promise((resolve) => {
        client.on(MatrixEventEvent.Decrypted, (event) => {
            const final = !event.isDecryptionFailure() || event.decryptionFailureReason === DecryptionFailureCode.UNSIGNED_SENDER_DEVICE;
            if (event.getSender() !== USER && final) {
                resolve(event);
            }
        });
    });
}

async function whatWasHeard(client, event) {
    if (event.isDecryptionFailure()) {
        return { unreadable: event.decryptionFailureReason };
    }
    const { shieldColour } = await client.getCrypto().getEncryptionInfoForEvent(event);
    return { heard: event.getContent().body, shield: shieldColour };
}

const client = await loggedIn();
await excludeInsecureDevices(client);
acceptInvitations(client);
const coming = firstMessage(client);
await client.startClient({ initialSyncLimit: 10 });
await new Promise((resolve) => client.once(ClientEvent.Sync, resolve));
tell({ ready: USER });

const message = await coming;
tell(await whatWasHeard(client, message));
await client.sendTextMessage(message.getRoomId(), ANSWER);
tell({ said: ANSWER });
client.stopClient();
process.exit(0);
