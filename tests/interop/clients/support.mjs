// What all clients share: where the simulator is, and the lines on standard output by which they tell what
// happened. A client does three things: it tells each message of a person, answers "say X" with X, and
// answers /echo text with "echo: text".
import { inspect } from 'node:util';

export const api_url = process.env.DISCORD_API_URL; // http://127.0.0.1:4000/api
export const token = process.env.DISCORD_TOKEN;
export const application = process.env.DISCORD_APP_ID;
export const transport = process.env.TRANSPORT;

// GUILDS, GUILD_MEMBERS, GUILD_MESSAGES, MESSAGE_CONTENT
export const intents = (1 << 0) | (1 << 1) | (1 << 9) | (1 << 15);

export const echo_command = {
  name: 'echo',
  description: 'Says it again',
  options: [{ type: 3, name: 'text', description: 'What to say', required: true }],
};

export const echo = (text) => `echo: ${text}`;

// The text that a message asks for, or undefined.
export const wanted = (content) => /^say (.*)$/.exec(content)?.[1];

// ready {guilds: [{id, name, channels: [id]}]}, registered, message {content, author, guild, channel},
// sent {id}, resumed, complaint {why}
export function tell(event, facts = {}) {
  process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);
}

// With the stack and the causes of an error.
const in_words = (part) => (typeof part === 'string' ? part : inspect(part));

export function complain(...why) {
  tell('complaint', { why: why.map(in_words).join(' ') });
}

export const guild = (id, name, channels) => ({ id: String(id), name, channels: channels.map(String).sort() });

// The end of the input asks to go offline. What a library throws past its own error events is told.
export function end_with_input(go_offline) {
  process.stdin.resume().on('end', async () => {
    await go_offline();
    process.exit(0);
  });
}

function fail(error) {
  tell('failed', { why: in_words(error) });
  process.exitCode = 1;
}
process.on('unhandledRejection', fail);
process.on('uncaughtException', fail);
