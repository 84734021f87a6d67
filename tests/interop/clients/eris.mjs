import https from 'node:https';

import { Client, CommandInteraction } from 'eris';

import * as told from './support.mjs';

// Eris asks https://<domain><baseURL> only; the port comes from the agent.
const { hostname, port, pathname } = new URL(told.api_url);
const client = new Client(`Bot ${told.token}`, {
  intents: told.intents,
  compress: told.transport === 'zlib-stream',
  rest: { domain: hostname, baseURL: `${pathname}/v10`, agent: new https.Agent({ port, keepAlive: true }) },
});

client.once('ready', async () => {
  const guilds = client.guilds.map(({ id, name, channels }) => told.guild(id, name, [...channels.keys()]));
  told.tell('ready', { guilds });
  await client.createCommand(told.echo_command);
  told.tell('registered');
});

client.on('messageCreate', async ({ content, author, guildID, channel }) => {
  if (author.bot) return;
  told.tell('message', { content, author: author.username, guild: guildID, channel: channel.id });
  const answer = told.wanted(content);
  if (answer) told.tell('sent', { id: (await channel.createMessage(answer)).id });
});

client.on('interactionCreate', async (interaction) => {
  if (interaction instanceof CommandInteraction)
    await interaction.createMessage(told.echo(interaction.data.options[0].value));
});

client.on('shardResume', () => told.tell('resumed'));
for (const event of ['warn', 'error']) client.on(event, told.complain);
client.on('unknown', (packet) => told.complain('unknown event', packet.t));

told.end_with_input(async () => {
  const offline = new Promise((resolve) => client.once('disconnect', resolve));
  client.disconnect({ reconnect: false });
  await offline;
});
await client.connect();
