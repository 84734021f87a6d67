// What is asked of every pattern once it runs.
import { json_of, podman, request, run, wait_for } from './engine.mjs';
import { image, secrets_of } from './fleet.mjs';

function expect(true_, what) {
  if (!true_) throw new Error(what);
}

// All sessions of all bots are there, each identified once.
export async function bots_are_ready({ sim, bots, sessions }) {
  await wait_for(`${sessions} sessions`, async () => {
    const live = (await sim.sessions()).filter((each) => each.connected && each.loaded);
    return live.length === sessions;
  }, 120);
  for (const bot of bots) {
    const done = await json_of(`${sim.url}/command`, { bot, name: 'ping', wait: 5000 });
    expect(done.answered, `${bot} does not answer: ${JSON.stringify(done)}`);
  }
  const { gateway } = await sim.report();
  expect(gateway.window_violations === 0, `identifies too soon: ${JSON.stringify(gateway)}`);
}

export async function health_is_shown({ health }) {
  for (const url of health) {
    const answer = await wait_for(url, () => request(url).then((got) => got.status === 200 && got));
    const { status, guilds } = JSON.parse(answer.text);
    expect(status === 'ok' && guilds > 0, `${url}: ${answer.text}`);
  }
}

export async function metrics_are_not_shown_by_the_gateway({ gateway, bots }) {
  for (const bot of bots) {
    const answer = await request(`${gateway}/${bot}/metrics`);
    expect(answer.status === 404, `${bot}/metrics: ${answer.status}`);
  }
}

// As the kernel sees it: nothing that the program says about itself.
export async function a_node_may_do_nothing({ project, nodes }) {
  for (const node of nodes) {
    const { State } = await project.inspect(node);
    const status = await run('cat', [`/proc/${State.Pid}/status`]);
    const field = (name) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)[1];
    expect(field('Uid').split(/\s+/).every((id) => id === '65532'), `${node} runs as ${field('Uid')}`);
    for (const kind of ['CapEff', 'CapPrm', 'CapBnd']) expect(/^0+$/.test(field(kind)), `${node}: ${kind} ${field(kind)}`);
    expect(field('NoNewPrivs') === '1', `${node} may gain privileges`);
    const mounts = await run('cat', [`/proc/${State.Pid}/mountinfo`]);
    expect(/^\S+ \S+ \S+ \/ \/ ro[, ]/m.test(mounts), `${node}: the root file system is not read only`);
    let wrote = true;
    await project.exec(node, 'touch', '/app/x').catch(() => { wrote = false; });
    expect(!wrote, `${node} can write beside its storage`);
    await project.exec(node, 'touch', '/app/storage/logs/x');
  }
}

export async function the_health_check_passes({ project, nodes }) {
  for (const node of nodes) await podman('healthcheck', 'run', project.container(node));
}

// In nothing that is kept or shown.
export async function secrets_are_nowhere({ project, tokens, folder }) {
  const secrets = secrets_of(folder, tokens);
  const hunt = (text, where) => {
    for (const secret of secrets) expect(!text.includes(secret), `a secret is in ${where}`);
  };
  for (const name of await project.containers()) {
    if (name === project.container('sim')) continue;
    hunt(await podman('inspect', name), `inspect of ${name}`);
    hunt(await run('sh', ['-c', `podman logs ${name} 2>&1`]), `the log of ${name}`);
    const { State } = JSON.parse(await podman('inspect', name))[0];
    if (!State.Running) continue;
    for (const what of ['environ', 'cmdline']) hunt(await run('cat', [`/proc/${State.Pid}/${what}`]), `${what} of ${name}`);
  }
  hunt(await podman('history', '--no-trunc', image), 'the history of the image');
  hunt(await run('sh', ['-c', `podman save ${image} | strings -n 20`]), 'a layer of the image');
}

export async function a_killed_node_comes_back({ project, sim, bots, nodes, sessions }) {
  const before = (await sim.report()).gateway.identifies;
  const node = nodes[0];
  const { State } = await project.inspect(node);
  await run('kill', ['-9', String(State.Pid)]);
  await wait_for(`${node} runs again`, async () => {
    const now = (await project.inspect(node)).State;
    return now.Running && now.Pid !== State.Pid;
  });
  await bots_are_ready({ sim, bots, sessions });
  const after = (await sim.report()).gateway.identifies;
  expect(after === before, `${after - before} new identifies after kill -9`);
}

export async function a_restart_of_the_database_is_survived({ project, sim, bots, sessions }) {
  const before = (await sim.report()).gateway.identifies;
  const { unanswered } = await sim.while_used(bots, async () => {
    await podman('restart', '-t', '30', project.container('postgres'));
    await wait_for('PostgreSQL is back', () => project.exec('postgres', 'pg_isready', '--username', 'guildfleet'));
  });
  expect(unanswered.length === 0, `not answered: ${JSON.stringify(unanswered.slice(0, 3))}`);
  await bots_are_ready({ sim, bots, sessions });
  expect((await sim.report()).gateway.identifies === before, 'bots identified anew');
}
