// New releases, while members use the bots: every command is answered once, nobody identifies anew.
import { json_of, wait_for } from './engine.mjs';

async function under_use({ sim, bots }, deploy) {
  const before = (await sim.report()).gateway.identifies;
  const { asked, unanswered } = await sim.while_used(bots, deploy);
  if (unanswered.length) throw new Error(`${unanswered.length} of ${asked} commands: ${JSON.stringify(unanswered.slice(0, 3))}`);
  const identifies = (await sim.report()).gateway.identifies - before;
  if (identifies) throw new Error(`${identifies} identifies`);
  return `${asked} commands, each answered once, 0 identifies`;
}

const healthy = (project, node) => wait_for(`${node} is ready`, async () => {
  await project.exec(node, 'guildfleet', 'health', '--config', '/etc/guildfleet/fleet.yaml', '--ready');
  return true;
}, 120);

async function replace(project, node, release) {
  await project.stop(node);
  await project.remove(node);
  await project.up([node], { RELEASE: release });
  await healthy(project, node);
}

const guildfleet = (project, node, ...parameters) =>
  project.exec(node, 'guildfleet', ...parameters, '--config', '/etc/guildfleet/fleet.yaml');

// Node by node in place, the others serve meanwhile.
export const rolling = (fleet) => under_use(fleet, async () => {
  for (const node of fleet.nodes) await replace(fleet.project, node, 'three');
});

const green_nodes = ({ nodes }) => nodes.map((node) => `${node}-green`);

// Pages come from the release that has the bot: nginx followed the rollout.
const shown_by = ({ gateway, bots }, release) => wait_for(`nginx shows release ${release}`, async () => {
  for (const bot of bots) {
    for (let i = 0; i < 4; i += 1) {
      if ((await json_of(`${gateway}/${bot}/health`)).release !== release) return false;
    }
  }
  return true;
});

// Ten commands a second for a bot: that many in the share of a first step, while it lasts.
const rollout = async ({ project, bots }, release, ...parameters) => {
  for (const bot of bots)
    await guildfleet(project, `${bot}-1`, 'rollout', 'start', '--bot', bot, '--to', release, '--wait', '--threshold',
      'least_events=10', '--threshold', 'least_samples=5', ...parameters);
};

// The new release beside the old one takes all at once; the old nodes stop then.
export const blue_green = (fleet) => under_use(fleet, async () => {
  const green = green_nodes(fleet);
  await fleet.project.up(green);
  for (const node of green) await healthy(fleet.project, node);
  await rollout(fleet, 'two', '--strategy', 'blue-green', '--pause', '5s');
  await shown_by(fleet, 'two');
  for (const node of fleet.nodes) await fleet.project.stop(node);
});

// From the green nodes back, share by share.
export const canary = (fleet) => under_use(fleet, async () => {
  const { project, nodes } = fleet;
  for (const node of nodes) await project.remove(node);
  await project.up(nodes, { RELEASE: 'four' });
  for (const node of nodes) await healthy(project, node);
  await rollout(fleet, 'four', '--steps', '10%,50%,100%', '--pause', '10s');
  await shown_by(fleet, 'four');
  for (const node of green_nodes(fleet)) {
    await project.stop(node);
    await project.remove(node);
  }
});
