// Who and what the ids in messages mean, for the person looking.
const people = new Map();
const channels = new Map();

export const names = {
  me: "",
  bot: "",
  person: (id) => people.get(id) ?? id,
  channel: (id) => channels.get(id) ?? id,
};

export function learn(picture) {
  names.me = picture.me;
  names.bot = picture.team.bot;
  people.set(picture.team.bot, picture.team.bot_name).set("USLACKBOT", "Slackbot");
  for (const person of picture.people) people.set(person.id, person.name);
  for (const [id, name] of Object.entries(picture.channels)) channels.set(id, name);
}
