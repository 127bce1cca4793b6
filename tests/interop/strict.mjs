// Somebody with Element's own crypto who excludes insecure devices (MSC4153): begins an encrypted chat with the bot, says one
// thing, reads one message, and tells what happened as lines of JSON on standard output.
//
// Environment: HOMESERVER, USER and PASSWORD, BOT (full ids), SAY (what to say).

import process from "node:process";

import { createClient, MatrixEventEvent, RoomMemberEvent } from "matrix-js-sdk";
import { DecryptionFailureCode, OnlySignedDevicesIsolationMode } from "matrix-js-sdk/lib/crypto-api/index.js";

const { HOMESERVER, USER, PASSWORD, BOT, SAY } = process.env;

const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, getChild: () => quiet };
for (const level of ["log", "debug", "info", "warn", "trace"]) {
    console[level] = () => {};
}

const tell = (fact) => process.stdout.write(`${JSON.stringify(fact)}\n`);

const proof = { type: "m.login.password", identifier: { type: "m.id.user", user: USER }, password: PASSWORD };

async function loggedIn() {
    const login = await createClient({ baseUrl: HOMESERVER, logger: quiet }).loginRequest(proof);
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

// An encrypted direct chat, once the bot is in it.
async function directChat(client) {
    const joined = new Promise((resolve) => {
        client.on(RoomMemberEvent.Membership, (_, member) => {
            if (member.userId === BOT && member.membership === "join") {
                resolve();
            }
        });
    });
    const encryption = { type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } };
    const { room_id } = await client.createRoom({ is_direct: true, invite: [BOT], initial_state: [encryption] });
    await joined;
    return room_id;
}

// The first message of somebody else, once it can be read or is certain to stay unreadable.
function firstMessage(client) {
    return new Promise((resolve) => {
        client.on(MatrixEventEvent.Decrypted, (event) => {
            const forGood = event.decryptionFailureReason === DecryptionFailureCode.UNSIGNED_SENDER_DEVICE;
            if (event.getSender() === BOT && (forGood || !event.isDecryptionFailure())) {
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
    return { heard: { body: event.getContent().body, shield: shieldColour } };
}

const client = await loggedIn();
await excludeInsecureDevices(client);
const coming = firstMessage(client);
await client.startClient({ initialSyncLimit: 10 });
await client.sendTextMessage(await directChat(client), SAY);
tell({ said: SAY });
tell(await whatWasHeard(client, await coming));
client.stopClient();
process.exit(0);
