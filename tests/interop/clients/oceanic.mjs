import { ApplicationCommandTypes, Client } from 'oceanic.js';

import * as told from './support.mjs';

const compression = told.transport !== 'plain' && { compress: told.transport, compressLibrary: 'native' };
const client = new Client({
  auth: `Bot ${told.token}`,
  rest: { baseURL: `${told.api_url}/v10` },
  gateway: { intents: told.intents, ...compression },
});

client.once('ready', async () => {
  const guilds = client.guilds.map(({ id, name, channels }) => told.guild(id, name, [...channels.keys()]));
  told.tell('ready', { guilds });
  await client.application.createGlobalCommand({ type: ApplicationCommandTypes.CHAT_INPUT, ...told.echo_command });
  told.tell('registered');
});

client.on('messageCreate', async (message) => {
  const { content, author, guildID, channelID } = message;
  if (author.bot) return;
  told.tell('message', { content, author: author.username, guild: guildID, channel: channelID });
  const answer = told.wanted(content);
  if (!answer) return;
  const sent = await client.rest.channels.createMessage(channelID, { content: answer });
  told.tell('sent', { id: sent.id });
});

client.on('interactionCreate', async (interaction) => {
  if (interaction.isCommandInteraction())
    await interaction.createMessage({ content: told.echo(interaction.data.options.getString('text', true)) });
});

client.on('shardResume', () => told.tell('resumed'));
for (const event of ['warn', 'error']) client.on(event, told.complain);

told.end_with_input(async () => {
  const offline = new Promise((resolve) => client.once('disconnect', resolve));
  client.disconnect(false);
  await offline;
});
await client.connect();
