// discord.js as its users run it: guild and message intents, every message's author, channel and content read.
import { Client, GatewayIntentBits } from 'discord.js';

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.GuildVoiceStates,
            GatewayIntentBits.GuildExpressions],
  rest: { api: process.env.API, version: '10' },
  ws: { compression: process.env.COMPRESSION === 'none' ? null : process.env.COMPRESSION },
});
let bytes = 0;
client.on('messageCreate', (message) => {
  bytes += message.author.id.length + message.channelId.length + message.content.length;
});
await client.login(process.env.TOKEN);
