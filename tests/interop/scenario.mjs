// What every client does against its own simulator; the simulator's report is the second witness.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { client_process, simulator } from './children.mjs';

const patience = 20_000;

const scenario = {
  // The library calls itself ready and knows every guild with its name and channels.
  async ready({ sim, client, run }) {
    const { guilds } = await client.event('ready', patience);
    const by_id = (a, b) => a.id.localeCompare(b.id);
    const expected = (await sim.get('/_sim/guilds')).map(({ id, name, channels }) => ({
      id,
      name,
      channels: channels.map((channel) => channel.id).sort(),
    }));
    assert.deepEqual(guilds.sort(by_id), expected.sort(by_id));
    const [session] = await sim.get('/_sim/sessions');
    assert.equal(session.compression, run.transport === 'plain' ? 'none' : run.transport);
  },

  // A member's message arrives, with its content and its place.
  async receive({ sim, client, place }) {
    await sim.post('/_sim/message', { ...place, content: 'say hello, 世界 🎈' });
    const got = await client.event('message', patience, ({ content }) => content === 'say hello, 世界 🎈');
    assert.equal(got.channel, place.channel);
    assert.equal(got.guild, place.guild);
    assert.match(got.author, /./);
  },

  // The bot answers with a message, which stands in the channel.
  async send({ sim, client, place }) {
    const { id } = await client.event('sent', patience);
    const [newest] = await sim.get(`/api/v10/channels/${place.channel}/messages?limit=1`);
    assert.equal(newest.id, id);
    assert.equal(newest.content, 'hello, 世界 🎈');
    assert.equal(newest.author.bot, true);
  },

  // The bot registers a slash command through REST; a member uses it and is answered.
  async command({ sim, client, place }) {
    await client.event('registered', patience);
    const use = { ...place, name: 'echo', options: { text: 'a b' }, wait: patience };
    const answered = await sim.post('/_sim/command', use);
    assert.equal(answered.answered, true);
    assert.equal(answered.content, 'echo: a b');
  },

  // After op 7 the client resumes the same session and gets, once, what it missed.
  async resume({ sim, client, place }) {
    await sim.fault({ kind: 'silent' });
    await sim.post('/_sim/message', { ...place, content: 'meanwhile' });
    await sim.fault({ kind: 'reconnect' });
    await client.event('resumed', patience);
    await sim.post('/_sim/message', { ...place, content: 'afterwards' });
    await client.event('message', patience, ({ content }) => content === 'afterwards');
    const seen = client.events('message').map(({ content }) => content);
    assert.deepEqual(seen.slice(1), ['meanwhile', 'afterwards']);
    const { gateway, sessions } = await sim.get('/_sim/report');
    assert.equal(gateway.identifies, 1);
    assert.equal(gateway.resumes_ok, 1);
    assert.equal(sessions.length, 1);
    assert.ok(sessions[0].replayed >= 1, 'nothing was replayed');
  },

  // Heartbeats, no complaint of the library, no rule of Discord broken, an orderly end.
  async clean({ sim, client }) {
    await sim.heartbeat(patience);
    assert.equal(await client.stop(), 0);
    assert.deepEqual(client.events('complaint'), []);
    const { gateway, rest } = await sim.get('/_sim/report');
    assert.equal(gateway.window_violations, 0);
    assert.equal(gateway.open_connections, 0);
    const told = Object.keys(gateway.close_codes_sent).filter((code) => code >= 4000);
    assert.deepEqual(told, []);
    for (const count of ['while_limited', 'rate_limited', 'invalid', 'unauthorized']) assert.equal(rest[count], 0, count);
  },
};

export const steps = Object.keys(scenario);

function start_client(run, sim) {
  const script = fileURLToPath(new URL(`clients/${run.script}`, import.meta.url));
  const environment = {
    DISCORD_API_URL: sim.api_url,
    DISCORD_TOKEN: sim.token,
    DISCORD_APP_ID: sim.application,
    TRANSPORT: run.transport,
  };
  if (sim.ca_file) environment.NODE_EXTRA_CA_CERTS = sim.ca_file;
  return new client_process(script, environment);
}

async function first_place(sim) {
  const [guild] = await sim.get('/_sim/guilds');
  return { guild: guild.id, channel: guild.channels.find(({ type }) => type === 0).id };
}

// Never throws: {passed: set of steps, problem: text or undefined, log: what the client printed}.
export async function run_scenario(program, run, tell) {
  const folder = mkdtempSync(join(tmpdir(), 'interop-'));
  const passed = new Set();
  let sim;
  let client;
  let problem;
  try {
    sim = await simulator.start(program, run.tls ? join(folder, 'ca.pem') : undefined);
    client = start_client(run, sim);
    const at_hand = { sim, client, run, place: await first_place(sim) };
    for (const step of steps) {
      const began = performance.now();
      await scenario[step](at_hand);
      passed.add(step);
      tell({ step, ok: true, ms: Math.round(performance.now() - began) });
    }
  } catch (error) {
    problem = `${steps[passed.size]}: ${error.message}`;
    tell({ step: steps[passed.size], ok: false, why: error.message });
  } finally {
    await client?.stop();
    await sim?.stop();
    rmSync(folder, { recursive: true });
  }
  return { passed, problem, log: client?.log ?? '' };
}
