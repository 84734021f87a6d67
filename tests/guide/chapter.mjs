// One chapter in a network of its own:  node chapter.mjs PAGE CHAPTER PROGRAM WORK
// Prints JSON: { counts, failures: [{ at, what }] }. Every block is counted, or is a failure. What a block is, its first line tells:
//   bash run [exit=2] [retry]                      typed in the first terminal; retry: until it ends as promised
//   bash run in="NAME" until="PATTERN" [again]     goes on in a terminal of its own; again: after Ctrl-C there
//   bash shown reason="WHY"                        cannot be run here: each of its commands is read
//   yaml file=NAME                                 a file in the folder of the chapter
//   console                                        what the block before has printed; … stands for anything
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { difference } from './expected.mjs';
import { check_shown } from './known_commands.mjs';
import { read_page } from './markdown.mjs';
import { start_servers } from './servers.mjs';
import { eventually, lose_patience, terminals } from './terminals.mjs';

const [page_file, chapter, program, work] = process.argv.slice(2);
const page = read_page(readFileSync(page_file, 'utf8'));
const blocks = page.blocks.filter((each) => each.chapter === Number(chapter));
const folder = join(work, 'folder');
const keep = join(work, 'keep');
const counts = { run: 0, files: 0, outputs: 0, shown: 0 };

// A block of output that promises nothing proves nothing.
const promises_something = ({ text }) => text.split('\n').some((line) => !['', '…'].includes(line.trim()));

const sanitizers = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.endsWith('SAN_OPTIONS')));
const path = `${dirname(program)}:${process.env.PATH}`;
const environment = { ...sanitizers, PATH: path, HOME: work, USER: 'guide', LANG: 'C.UTF-8', NO_COLOR: '1' };

function write_file({ words, text }) {
  const path = join(folder, words.file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text}\n`);
  // A configuration is read even if no command of the chapter does.
  const render = ['render', 'systemd', '--config', path, '-o', join(keep, 'unused')];
  if (/^bots:/m.test(text)) execFileSync(program, render, { stdio: 'pipe', env: environment });
}

async function run_in_terminal({ words, text }, promised, all) {
  // Who reads the page sees no info string.
  if (!text.startsWith(`# in the terminal "${words.in}"\n`)) throw new Error(`the block does not begin with the name of its terminal`);
  if (words.again) await all.interrupt(words.in);
  const shown = all.open(words.in, text);
  const wanted = new RegExp(words.until);
  const missing = () => `until "${words.until}" the terminal "${words.in}" showed:\n${shown.text()}`;
  await eventually(
    () => {
      if (wanted.test(shown.text())) return true;
      if (shown.ended) throw new Error(`it ended with ${shown.code}; ${missing()}`);
      return undefined;
    },
    () => { throw new Error(missing()); },
  );
  const differs = promised ? difference(promised.text, shown.text(), true) : '';
  if (differs) throw new Error(differs);
}

async function run_to_its_end({ words, text, at }, promised, all) {
  const code = words.exit ? Number(words.exit) : 0;
  const once_more = async () => {
    const seen = await all.run(text, `block-${at}`);
    if (seen.code !== code) return `the exit code is ${seen.code}, not ${code}:\n${seen.text}`;
    return promised ? difference(promised.text, seen.text) : '';
  };
  let differs = '';
  const look = async () => {
    differs = await once_more();
    return differs === '' || !words.retry ? true : undefined;
  };
  await eventually(look, () => true);
  if (differs) throw new Error(differs);
}

// The output that is promised for a block is the one that follows it.
async function do_block(block, index, all) {
  const next = blocks[index + 1];
  const promised = next?.language === 'console' && !next.words.shown ? next : undefined;
  const { words } = block;
  if (words.file) {
    write_file(block);
    counts.files += 1;
  } else if (block.language === 'bash' && words.run) {
    if (words.in) await run_in_terminal(block, promised, all);
    else await run_to_its_end(block, promised, all);
    counts.run += 1;
    if (promised) counts.outputs += 1;
  } else if (block.language === 'bash' && words.shown && words.reason?.length > 5) {
    check_shown(block.text, { program, folder });
    counts.shown += 1;
  } else if (block.language !== 'console' || !blocks[index - 1]?.words.run || !promises_something(block)) {
    throw new Error(`a block "${block.info}" is neither run, nor a file, nor shown for a reason, nor what a command printed`);
  }
}

async function do_chapter(all, failures) {
  for (const [index, block] of blocks.entries()) {
    await do_block(block, index, all).catch((error) => {
      failures.push({ at: block.at, what: error.message });
      lose_patience();
    });
  }
}

rmSync(work, { recursive: true, force: true });
for (const each of [folder, keep]) mkdirSync(each, { recursive: true });
const failures = [];
const all = new terminals(folder, keep, environment);
const begun = Date.now();
let end_servers = () => {};
try {
  end_servers = await start_servers(page.servers.get(Number(chapter)) ?? []);
  await do_chapter(all, failures);
} catch (error) {
  failures.push({ at: blocks[0].at, what: `the chapter does not begin: ${error.message}` });
}
for (const [name, { text }] of all.running) appendFileSync(join(keep, 'terminals.log'), `== ${name}\n${text()}`);
all.close();
end_servers();
console.log(JSON.stringify({ counts, failures, seconds: (Date.now() - begun) / 1000 }));
process.exit(0);
