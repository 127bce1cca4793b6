// The words of the page itself, in both languages. What the bot says follows the language of whom it talks to.

const WORDS = {
  skip: ["Naar het typvak", "To the message box"],
  explain: ["Uitleg", "Explain"],
  people: ["Mensen", "People"],
  time: ["Klok", "Clock"],
  panels: ["Onderdelen", "Parts"],
  chat: ["Chat", "Chat"],
  pictures: ["Beelden", "Pictures"],
  back: ["Terug naar mensen", "Back to people"],
  switchLanguage: ["English", "Nederlands"],
  light: ["Licht", "Light"],
  dark: ["Donker", "Dark"],
  who: ["Wie ben je?", "Who are you?"],
  whoWhy: ["Kies iemand. Je praat dan als die persoon.", "Choose somebody. You then talk as that person."],
  everybody: ["Alle berichten", "All messages"],
  everybodyShort: ["Wie kreeg wat, en wanneer", "Who got what, and when"],
  coordinator: ["coördinator", "coordinator"],
  youAre: ["Je bent nu {name}", "You are {name} now"],
  direct: ["Kring", "Kring"],
  directWith: ["Gesprek met Kring", "Chat with Kring"],
  rooms: ["Gesprekken", "Rooms"],
  with: ["Met {name}", "With {name}"],
  desk: ["Coördinatie", "Desk"],
  cohort: ["Iedereen", "Everybody"],
  group: ["Groep {n}", "Group {n}"],
  again: ["Opnieuw", "Restart"],
  anew: ["Opnieuw beginnen", "Begin again"],
  anewSure: ["Opnieuw beginnen?", "Begin again?"],
  anewWhy: ["Alles wat hier is gespeeld, is dan weg.", "Everything that was played here is gone then."],
  newcomer: ["Iemand toevoegen", "Add somebody"],
  newcomerWhy: [
    "Kring kent deze persoon nog niet. Zie zelf wat een nieuwkomer leest.",
    "Kring does not know this person yet. See for yourself what a newcomer reads.",
  ],
  newcomerName: ["Naam", "Name"],
  newcomerOrganisation: ["Organisatie", "Organisation"],
  newcomerIn: ["Laat binnen", "Let in"],
  "nobody has that name": ["Geef een naam.", "Give a name."],
  cancel: ["Toch niet", "Rather not"],
  done: ["Klaar", "Done"],
  archived: ["Deze kamer is gesloten", "This room is closed"],
  members: ["{n} mensen", "{n} people"],
  oneMember: ["1 persoon", "1 person"],
  log: ["Berichten", "Messages"],
  write: ["Bericht van {name}", "Message of {name}"],
  writeTo: ["Typ wat {name} zegt", "Type what {name} says"],
  send: ["Verstuur", "Send"],
  tryThis: ["Wat je nu kunt typen", "What you could type now"],
  sendsNow: ["verstuur {line}", "send {line}"],
  fillsIn: ["zet {line} in het typvak", "put {line} in the message box"],
  to: ["aan {name}", "to {name}"],
  inRoom: ["in {name}", "in {name}"],
  changed: ["aangepast", "changed"],
  wakes: ["melding", "notifies"],
  lost: ["Niet bewaard: dit was voor wie erbij was.", "Not kept: this was for those who were there."],
  more: ["Toon alles", "Show all"],
  download: ["Bewaar {name}", "Save {name}"],
  vote: ["Kies", "Choose"],
  voteOver: ["Deze peiling is gesloten.", "This poll is closed."],
  unread: ["{n} nieuwe meldingen", "{n} new notifications"],
  asks: ["Kring wacht op een antwoord van {name}", "Kring waits for an answer of {name}"],
  somethingNew: ["er wachten vragen op antwoord", "questions wait for an answer"],
  newer: ["↓ {n} nieuwe berichten", "↓ {n} new messages"],
  newerOne: ["↓ 1 nieuw bericht", "↓ 1 new message"],
  empty: ["Hier is nog niets gezegd.", "Nothing has been said here yet."],
  emptyJoined: [
    "{name} doet al mee: aanmelden en voorkeuren geven ging vooraf aan dit spel. Hier is sindsdien nog niets gezegd.",
    "{name} takes part already: signing up and giving preferences came before this play. Nothing has been said here since.",
  ],
  now: ["Nu", "Now"],
  hour: ["+ 1 uur", "+ 1 hour"],
  day: ["+ 1 dag", "+ 1 day"],
  next: ["Naar wat er nu komt", "To what comes next"],
  nothingNext: ["Er komt niets meer.", "Nothing comes any more."],
  onDay: ["Naar een dag", "To a day"],
  at: ["om", "at"],
  go: ["Ga", "Go"],
  programme: ["Het programma in de tijd", "The programme in time"],
  earlier: ["Eerder ({n})", "Earlier ({n})"],
  travelTo: ["Zet de klok op {day}", "Move the clock to {day}"],
  sentTo: ["verstuurd aan {n}", "sent to {n}"],
  sentToNobody: ["niemand had het nodig", "nobody needed it"],
  forNobody: ["nu voor niemand", "for nobody now"],
  sent: ["verstuurd", "sent"],
  missed: ["niet verstuurd, te laat", "not sent, too late"],
  willGoTo: ["nu voor {n}", "for {n} now"],
  window: ["periode", "period"],
  meeting: ["bijeenkomst", "meeting"],
  visit: ["stagedag", "visit"],
  reminder: ["herinnering", "reminder"],
  house: ["Kring zelf", "Kring itself"],
  nextStep: ["Volgende stap", "Next step"],
  stepOf: ["{name}, stap {n} van {all}", "{name}, step {n} of {all}"],
  others: ["De anderen", "The others"],
  oneStep: ["Eén stap", "One step"],
  runOn: ["Speel door", "Play on"],
  runTo: ["Doorspelen gaat tot {day}: {what}.", "Playing on goes to {day}: {what}."],
  runWeek: ["Doorspelen gaat een week ver.", "Playing on goes a week far."],
  alsoMine: ["Laat {names} ook vanzelf meespelen", "Let {names} play along by themselves too"],
  and: ["{first} en {last}", "{first} and {last}"],
  arrows: ["Met de pijltoetsen ga je door de lijst", "The arrow keys move through the list"],
  look: ["Bekijk ze", "See them"],
  goThere: ["Ga erheen", "Go there"],
  views: ["Het geheel", "The whole"],
  picturesShort: ["Ring, tijdlijn en wie waar is", "Ring, timeline and who is where"],
  rehearsalShort: ["Elk bericht, voordat het echt is", "Every message, before it is real"],
  rehearsalWhy: [
    "Verzonnen mensen spelen deze editie van begin tot eind. Aan jouw spel verandert niets.",
    "Made-up people play this edition from start to end. Your own play stays as it is.",
  ],
  playedWith: [
    "{people} mensen, {messages} berichten. Wie het meeste kreeg, kreeg {most} berichten in {weeks} weken.",
    "{people} people, {messages} messages. Whoever got most, got {most} messages in {weeks} weeks.",
  ],
  decisions: ["Wat jij leest, belt of beslist ({n})", "What you read, call or decide ({n})"],
  everyMessage: ["Elk bericht", "Every message"],
  rehearsal: ["Repetitie", "Rehearsal"],
  rehearse: ["Repeteer het hele programma", "Rehearse the whole programme"],
  rehearsing: ["Bezig: {n} seconden. Meestal duurt het een halve minuut.", "Busy: {n} seconds. As a rule it takes half a minute."],
  warnings: ["Waarschuwingen", "Warnings"],
  fileWarnings: ["Wat opvalt in het bestand ({n})", "What to look at in the file ({n})"],
  fileWarningsWhy: ["Hiermee speelt de editie gewoon. Kijk of het zo bedoeld is.", "The edition plays with this. See whether it is meant so."],
  noWarnings: ["Alles ging goed.", "Everything went well."],
  facts: ["In woorden", "In words"],
  picturesWhy: ["Zoals het programma er nu voor staat.", "As the programme stands now."],
  faults: ["Deze editie kan nog niet spelen", "This edition cannot play yet"],
  faultsWhy: [
    "Herstel wat hieronder staat en start opnieuw. Telkens staat er de plek, wat er mis is en wat je doet.",
    "Mend what stands below and start again. Each time it says the place, what is wrong and what to do.",
  ],
  away: [
    "Kring is gestopt. Start je het opnieuw? Open dan het adres dat in de terminal staat.",
    "Kring has stopped. Do you start it again? Then open the address that stands in the terminal.",
  ],
  broken: ["Er ging iets mis in deze pagina. Laad haar opnieuw.", "Something went wrong in this page. Load it again."],
  halted: [
    "Gestopt: {name} is aan zet. Niemand antwoordt voor {name}. Verder gaan kan ook zonder antwoord.",
    "Halted: it is up to {name}. Nobody answers for {name}. You can also go on without an answer.",
  ],
  locked: [
    "Deze pagina hoort bij een eerdere start. Open het adres dat in de terminal staat.",
    "This page belongs to an earlier start. Open the address that stands in the terminal.",
  ],
  fault: ["Er ging hier iets mis ({what}). Er is niets veranderd.", "Something went wrong here ({what}). Nothing has changed."],
  did: ["{name} zei: “{what}”.", "{name} said: “{what}”."],
  came: ["Kring stuurde {n} berichten.", "Kring sent {n} messages."],
  cameOne: ["Kring stuurde 1 bericht.", "Kring sent 1 message."],
  cameNone: ["De klok staat op {day}. Er kwam niets.", "The clock shows {day}. Nothing came."],
  hello: ["Welkom bij Kring", "Welcome to Kring"],
  helloWhat: [
    "Kring is een chatbot voor programma's waarin mensen van elkaar leren. Hier speel je zo'n programma na, helemaal op deze machine. Niets hiervan is echt.",
    "Kring is a chat bot for programmes in which people learn from each other. Here you play such a programme, all on this machine. None of it is real.",
  ],
  helloWho: [
    "Je bent nu {name}. Links kies je wie je bent. {coordinator} is de coördinator.",
    "You are {name} now. On the left you choose who you are. {coordinator} is the coordinator.",
  ],
  helloType: [
    "Praat met Kring in het typvak hieronder, of kies een knop erboven.",
    "Talk to Kring in the message box below, or choose a button above it.",
  ],
  helloClock: [
    "Rechts staat de klok. Weken gaan in een tel voorbij, en Kring stuurt wat er dan te sturen is.",
    "On the right is the clock. Weeks pass in a moment, and Kring sends what is to be sent then.",
  ],
  helloLanguage: [
    "Kring praat Engels met {name}. Met {line} wordt dat Nederlands.",
    "Kring talks Dutch with {name}. Send {line} to make that English.",
  ],
  helloWhoSmall: [
    "Je bent nu {name}. Bij Mensen kies je wie je bent. {coordinator} is de coördinator.",
    "You are {name} now. At People you choose who you are. {coordinator} is the coordinator.",
  ],
  helloClockSmall: [
    "Bij Klok zet je de tijd vooruit. Weken gaan in een tel voorbij, en Kring stuurt wat er dan te sturen is.",
    "At Clock you move the time. Weeks pass in a moment, and Kring sends what is to be sent then.",
  ],
  helloStep: [
    "Weet je niet wat je kunt doen? Volg de balk bovenaan: stap voor stap door het hele programma.",
    "Not sure what to do? Follow the bar at the top: step by step through the whole programme.",
  ],
  "this question is not open any more": ["Deze vraag is al beantwoord.", "This question has been answered already."],
  "this poll is over": ["Deze peiling is gesloten.", "This poll is closed."],
  "nothing to choose by that": ["Kies eerst iets.", "Choose something first."],
  "nothing comes any more": ["Er komt niets meer.", "Nothing comes any more."],
  "that is too far away": ["Dat is te ver weg. Kies een dag binnen vijf jaar.", "That is too far away. Choose a day within five years."],
  "a rehearsal goes on already": ["Er loopt al een repetitie.", "A rehearsal goes on already."],
  "begun anew": ["Het spel is opnieuw begonnen.", "The play has begun again."],
  "the clock only goes forward": ["De klok gaat alleen vooruit.", "The clock only goes forward."],
  refused: ["Dat kan hier niet.", "That cannot be done here."],
};

const LOCALES = { nl: "nl-NL", en: "en-GB" };
let chosen = "nl";
let zone = "Europe/Amsterdam";

/** The language of the page: the one chosen before, else that of the browser; Dutch when it prefers neither. */
export function firstLanguage() {
  const kept = localStorage.getItem("kring-language");
  if (kept in LOCALES) return kept;
  const wanted = navigator.languages.map((it) => it.slice(0, 2)).find((it) => it in LOCALES);
  return wanted ?? "nl";
}

/** Write everything in this language from now on. */
export function speak(language) {
  chosen = language;
  localStorage.setItem("kring-language", language);
  document.documentElement.lang = language;
}

export const language = () => chosen;

/** Tell times as the clock of this zone shows them. */
export const tellIn = (name) => { zone = name; };

/** A word of the page, with its values. */
export function t(key, values = {}) {
  const both = WORDS[key] ?? WORDS.refused;
  return both[chosen === "nl" ? 0 : 1].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Of a text in both languages, the one to show. */
export const inBoth = (both) => both[chosen];

function written(at, options) {
  return new Intl.DateTimeFormat(LOCALES[chosen], { timeZone: zone, ...options }).format(new Date(at));
}

/** `maandag 19 oktober 2026`. */
export const longDay = (at) => written(at, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** `ma 19 okt`. */
export const shortDay = (at) => written(at, { weekday: "short", day: "numeric", month: "short" });

/** `09.30` in Dutch, `09:30` in English. */
export function clockTime(at) {
  const shown = written(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return chosen === "nl" ? shown.replace(":", ".") : shown;
}

/** `2026-10-19`, as a date field wants it. */
export function isoDay(at) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(new Date(at));
}

/** `09:30`, as a time field wants it. */
export const isoTime = (at) => written(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).replace(".", ":");

/** The instant at which the clock of the zone shows this day and time (ISO, UTC). */
export function instant(day, time) {
  const guess = Date.parse(`${day}T${time}:00Z`);
  const shown = (at) => {
    const part = Object.fromEntries(
      new Intl.DateTimeFormat("en-CA", {
        timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
      }).formatToParts(new Date(at)).map((it) => [it.type, it.value]),
    );
    return Date.parse(`${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:00Z`);
  };
  const first = guess - (shown(guess) - guess);
  return new Date(first - (shown(first) - guess)).toISOString();
}
