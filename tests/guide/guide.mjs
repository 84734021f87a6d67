// docs/guide.md and docs/guide.ja.md, looked at and run:  node guide.mjs PROGRAM DOCS WORK [CHAPTER]
// Each chapter has a folder, a network and processes of its own, so that the ports of the guide are free and nothing outlives it.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { check_spoken } from './known_commands.mjs';
import { check_emphasis, check_links, compare } from './languages.mjs';
import { read_page } from './markdown.mjs';

const [program, docs, work, only] = process.argv.slice(2).map((each, index) => (index === 0 ? realpathSync(each) : each));
const here = dirname(fileURLToPath(import.meta.url));
const file = { english: join(docs, 'guide.md'), japanese: join(docs, 'guide.ja.md') };
const page = Object.fromEntries(Object.entries(file).map(([language, path]) => [language, read_page(readFileSync(path, 'utf8'))]));
const failures = [];
const complain = (what) => failures.push(what);

const user = process.getuid() === 0 ? [] : ['--user', '--map-current-user', '--keep-caps'];
// Ends with this process, whatever ends it.
const [unshare, ...alone] = ['setpriv', '--pdeathsig=KILL', 'unshare', ...user, '--net', '--pid', '--fork', '--kill-child',
  '--mount-proc', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
const can_be_alone = spawnSync(unshare, [...alone, 'true'], { stdio: 'ignore' }).status === 0;

// Keys of fleet.yaml, alerts and metrics that the text names are those of the reference.
function check_names(language) {
  const reference = (name) => readFileSync(join(docs, name), 'utf8');
  const kinds = [
    [/^(bots\[\]|deploy|store|node|discord|api|redis|experiments\[\])\.[a-z_.]+$/, reference('configuration.md'), 'key'],
    [/^Guildfleet[A-Z]\w+$/, reference('monitoring.md'), 'alert'],
    [/^guildfleet_\w+$/, reference('metrics.md'), 'metric'],
  ];
  for (const { text, at } of page[language].code) {
    for (const [pattern, known, kind] of kinds)
      if (pattern.test(text) && !known.includes(`\`${text}\``)) complain(`${file[language]}:${at}: there is no ${kind} ${text}`);
    try {
      check_spoken(text, { program });
    } catch (error) {
      complain(`${file[language]}:${at}: \`${text}\`: ${error.message}`);
    }
  }
}

// Each picture says what it shows; one that a chapter has drawn anew is still the same.
function check_pictures() {
  for (const { target, at, chapter } of page.english.links.filter((each) => each.target.endsWith('.svg'))) {
    const text = existsSync(join(docs, target)) ? readFileSync(join(docs, target), 'utf8') : '';
    for (const needed of ['role="img"', '<title', '<desc'])
      if (!text.includes(needed)) complain(`${target}: ${needed} is missing`);
    const drawn = join(work, `${chapter}`, 'folder', basename(target));
    if (existsSync(drawn) && readFileSync(drawn, 'utf8') !== text)
      complain(`${file.english}:${at}: the program draws ${target} otherwise now`);
  }
}

async function run_chapter(chapter) {
  const parameters = [join(here, 'chapter.mjs'), file.english, `${chapter}`, program, join(work, `${chapter}`)];
  const { title, at } = page.english.headings[chapter - 1];
  const limits = { timeout: 240_000, maxBuffer: 1 << 26 };
  try {
    const { stdout } = await promisify(execFile)(unshare, [...alone, process.execPath, ...parameters], limits);
    return { title, ...JSON.parse(stdout) };
  } catch (error) {
    return { title, counts: {}, failures: [{ at, what: error.message }], seconds: 0 };
  }
}

function tell(results) {
  const sums = { run: 0, outputs: 0, files: 0, shown: 0 };
  for (const { title, counts, failures: wrong, seconds } of results) {
    for (const [name, count] of Object.entries(counts)) sums[name] += count;
    console.log(`${wrong.length === 0 ? 'passed' : 'FAILED'}  ${title} (${seconds.toFixed(1)} s)`);
    for (const { at, what } of wrong) complain(`${file.english}:${at}: ${what}`);
  }
  const { run, outputs, files, shown } = sums;
  console.log(`${run} blocks run, ${outputs} outputs compared, ${files} files written and read, ${shown} blocks read only`);
  const all = page.english.blocks.length;
  if (!only && failures.length === 0 && run + outputs + files + shown !== all) complain(`${all} blocks, and not all were looked at`);
}

compare(page.english, page.japanese, complain);
for (const language of ['english', 'japanese']) {
  check_links(page[language], file[language], complain);
  check_emphasis(readFileSync(file[language], 'utf8'), file[language], complain);
  check_names(language);
}
const chapters = [...new Set(page.english.blocks.map((each) => each.chapter))]
  .filter((each) => !only || page.english.headings[each - 1].title.startsWith(`${only}.`));
if (can_be_alone) tell(await Promise.all(chapters.map(run_chapter)));
check_pictures();
for (const each of failures) console.log(`FAILED  ${each}`);
if (failures.length > 0) process.exit(1);
if (!can_be_alone) {
  console.log('skipped: unshare gives no network of its own here; pages and links were compared only');
  process.exit(77);
}
