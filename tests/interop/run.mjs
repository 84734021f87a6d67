// Runs every client library with every transport that it knows against a fresh simulator, and prints what
// each did: a line of JSON per step, then the matrix as a Markdown table. Exit code 1 when a step failed.
//
//   node run.mjs --program <path to guildfleet> [--only <text in the name>] [--table <file to write>]
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

import { clients } from './clients.mjs';
import { run_scenario, steps } from './scenario.mjs';

const at_once = 2;
const require = createRequire(import.meta.url);

const { values: options } = parseArgs({
  options: {
    program: { type: 'string' },
    only: { type: 'string', default: '' },
    table: { type: 'string' },
  },
});
if (!options.program) {
  console.error('run.mjs: --program <path to guildfleet> is missing');
  process.exit(2);
}

function installed(name) {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

function planned_runs() {
  const runs = [];
  for (const client of clients(installed))
    for (const transport of client.transports)
      runs.push({ ...client, transport, name: `${client.library} ${transport}` });
  return runs.filter((run) => run.name.includes(options.only));
}

async function run_all(runs) {
  const waiting = [...runs];
  const worker = async () => {
    for (let run = waiting.shift(); run; run = waiting.shift()) {
      run.result = await run_scenario(options.program, run, (step) =>
        console.log(JSON.stringify({ client: run.library, transport: run.transport, ...step })),
      );
    }
  };
  await Promise.all(Array.from({ length: at_once }, worker));
}

function table(runs) {
  const row = (cells) => `| ${cells.join(' | ')} |`;
  const lines = [row(['client', 'version', 'transport', ...steps]), row(Array(steps.length + 3).fill('---'))];
  for (const { library, version, transport, result } of runs)
    lines.push(row([library, version, transport, ...steps.map((step) => result.passed.has(step) ? 'yes' : '**no**')]));
  return lines.join('\n');
}

const runs = planned_runs();
if (runs.length === 0) {
  console.error(`run.mjs: no run has "${options.only}" in its name`);
  process.exit(2);
}
await run_all(runs);
const failed = runs.filter((run) => run.result.problem);
console.log(`\n${table(runs)}\n`);
console.log(`Node.js ${process.versions.node}, ${runs.length} runs, ${failed.length} failed`);
for (const run of failed) console.log(`\nFAILED ${run.name}: ${run.result.problem}\n${run.result.log}`);
if (options.table) writeFileSync(options.table, `${table(runs)}\n`);
process.exit(failed.length === 0 ? 0 : 1);
