import { createGatewayManager } from '@discordeno/gateway';
import { createRestManager } from '@discordeno/rest';

import * as told from './support.mjs';

const quiet = () => {};
const logger = { debug: quiet, info: quiet, warn: told.complain, error: told.complain, fatal: told.complain };
const rest = createRestManager({
  token: told.token,
  applicationId: BigInt(told.application),
  proxy: { baseUrl: told.api_url },
  logger,
});
const missing = new Set();
const guilds = [];

async function on_guild({ id, name, channels }) {
  guilds.push(told.guild(id, name, channels.map((channel) => channel.id)));
  missing.delete(id);
  if (missing.size > 0) return;
  told.tell('ready', { guilds });
  await rest.createGlobalApplicationCommand(told.echo_command);
  told.tell('registered');
}

async function on_message({ content, author, guildId, channelId }) {
  if (author.bot) return;
  told.tell('message', { content, author: author.username, guild: guildId, channel: channelId });
  const answer = told.wanted(content);
  if (answer) told.tell('sent', { id: (await rest.sendMessage(channelId, { content: answer })).id });
}

async function on_interaction({ id, token, data }) {
  await rest.sendInteractionResponse(id, token, { type: 4, data: { content: told.echo(data.options[0].value) } });
}

const gateway = createGatewayManager({
  token: told.token,
  intents: told.intents,
  connection: await rest.getGatewayBot(),
  compress: told.transport === 'payload',
  transportCompression: told.transport.endsWith('-stream') ? told.transport : null,
  resharding: { enabled: false },
  logger,
  events: {
    message(_shard, { t, d }) {
      if (t === 'READY') for (const { id } of d.guilds) missing.add(id);
      if (t === 'GUILD_CREATE') return on_guild(d);
      if (t === 'MESSAGE_CREATE') return on_message(d);
      if (t === 'INTERACTION_CREATE') return on_interaction(d);
    },
    resumed: () => told.tell('resumed'),
  },
});

told.end_with_input(() => gateway.shutdown(1000, 'The end'));
await gateway.spawnShards();
