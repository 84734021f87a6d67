import { REST } from '@discordjs/rest';
import { CompressionMethod, WebSocketManager, WebSocketShardEvents } from '@discordjs/ws';

import * as told from './support.mjs';

const rest = new REST({ api: told.api_url, version: '10' }).setToken(told.token);
const manager = new WebSocketManager({
  token: told.token,
  intents: told.intents,
  rest,
  compression: told.transport === 'zlib-stream' ? CompressionMethod.ZlibNative : null,
  useIdentifyCompression: told.transport === 'payload',
});
const guilds = [];
let expected; // ids, once Ready has come

// With payload compression the library inflates messages side by side: a guild may overtake Ready.
async function look_whether_loaded() {
  if (!expected?.every((id) => guilds.some((guild) => guild.id === id))) return;
  told.tell('ready', { guilds });
  await rest.post(`/applications/${told.application}/commands`, { body: told.echo_command });
  told.tell('registered');
}

async function on_message({ content, author, guild_id, channel_id }) {
  if (author.bot) return;
  told.tell('message', { content, author: author.username, guild: guild_id, channel: channel_id });
  const answer = told.wanted(content);
  if (!answer) return;
  const { id } = await rest.post(`/channels/${channel_id}/messages`, { body: { content: answer } });
  told.tell('sent', { id });
}

async function on_interaction({ id, token, data }) {
  const body = { type: 4, data: { content: told.echo(data.options[0].value) } };
  await rest.post(`/interactions/${id}/${token}/callback`, { body, auth: false });
}

manager.on(WebSocketShardEvents.Ready, (ready) => {
  expected = ready.guilds.map(({ id }) => id);
  return look_whether_loaded();
});
manager.on(WebSocketShardEvents.Dispatch, ({ t, d }) => {
  if (t === 'GUILD_CREATE') {
    guilds.push(told.guild(d.id, d.name, d.channels.map(({ id }) => id)));
    return look_whether_loaded();
  }
  if (t === 'MESSAGE_CREATE') return on_message(d);
  if (t === 'INTERACTION_CREATE') return on_interaction(d);
});
manager.on(WebSocketShardEvents.Resumed, () => told.tell('resumed'));
manager.on(WebSocketShardEvents.Error, told.complain);
manager.on(WebSocketShardEvents.SocketError, told.complain);

told.end_with_input(() => manager.destroy());
await manager.connect();
