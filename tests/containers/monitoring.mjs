// Prometheus of the rendered profile `monitoring` scrapes every node.
import { json_of, wait_for } from './engine.mjs';

export async function monitoring({ project, nodes }) {
  await project.up(['prometheus']);
  await wait_for('every node is scraped', async () => {
    const { data } = await json_of('http://127.0.0.1:9090/api/v1/targets?state=active');
    const up = data.activeTargets.filter((target) => target.health === 'up').map((target) => target.labels.instance);
    return nodes.every((node) => up.some((instance) => instance.startsWith(`${node}:`)));
  }, 90);
}
