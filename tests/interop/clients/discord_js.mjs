import { Client, Events } from 'discord.js';

import * as told from './support.mjs';

const client = new Client({ intents: told.intents, rest: { api: told.api_url } });

client.once(Events.ClientReady, async () => {
  const guilds = client.guilds.cache.map(({ id, name, channels }) => told.guild(id, name, [...channels.cache.keys()]));
  told.tell('ready', { guilds });
  await client.application.commands.create(told.echo_command);
  told.tell('registered');
});

client.on(Events.MessageCreate, async (message) => {
  if (message.author.bot) return;
  const { content, author, guildId, channelId } = message;
  told.tell('message', { content, author: author.username, guild: guildId, channel: channelId });
  const answer = told.wanted(content);
  if (answer) told.tell('sent', { id: (await message.channel.send(answer)).id });
});

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isChatInputCommand()) await interaction.reply(told.echo(interaction.options.getString('text')));
});

client.on(Events.ShardResume, () => told.tell('resumed'));
for (const event of [Events.Warn, Events.Error, Events.ShardError, Events.ShardDisconnect]) client.on(event, told.complain);

told.end_with_input(() => {
  client.removeAllListeners(Events.ShardDisconnect);
  return client.destroy();
});
await client.login(told.token);
