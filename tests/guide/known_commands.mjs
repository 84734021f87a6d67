// Whether a command that cannot be run here could be: subcommands and options exist, and the files and services that it names
// are there. guildfleet itself is asked by --help; of docker, kubectl and systemctl the few that the guide uses are written down here.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { commands_in } from './shell_words.mjs';

const plain = ['cd', 'cp', 'curl', 'journalctl', 'ls', 'rm'];

// name: { options: those with a value end in '=', then: subcommands, or 'command' where another command follows }
const engine = {
  options: [],
  then: {
    build: { options: ['-t=', '--build-arg='] },
    run: { options: ['-d', '--name=', '-e=', '-p='] },
    inspect: { options: [] },
    compose: {
      options: ['--profile='],
      then: {
        up: { options: ['-d', '--force-recreate'], names: 'service' },
        ps: { options: [] },
        logs: { options: ['-f'], names: 'service' },
        stop: { options: [], names: 'service' },
        exec: { options: [], names: 'service', then: 'command' },
      },
    },
  },
};
const kubectl = {
  options: ['-n=', '--namespace='],
  then: {
    apply: { options: ['--server-side', '-k='] },
    create: { options: ['--namespace=', '--cert=', '--key='] },
    delete: { options: ['-k='] },
    exec: { options: ['--'], names: 'workload', then: 'command' },
    get: { options: [] },
    logs: { options: ['-f'], names: 'workload' },
    rollout: { options: [], then: { status: { options: [], names: 'workload' }, restart: { options: [], names: 'workload' } } },
  },
};
const systemctl = { options: [], then: { restart: { options: [] }, status: { options: [] } } };

const help_of = new Map();
function help(program, path) {
  const key = path.join(' ');
  if (!help_of.has(key)) {
    try {
      help_of.set(key, execFileSync(program, [...path, '--help'], { encoding: 'utf8', stdio: 'pipe' }));
    } catch {
      throw new Error(`guildfleet has no "${key}"`);
    }
  }
  return help_of.get(key);
}

const listed = (text, title) => (new RegExp(`^${title}:?\\s*\\n((?:  .*\\n|\\n(?=  ))*)`, 'm').exec(text)?.[1] ?? '').split('\n');

// { option: takes a value }, from lines such as "  -c,--config TEXT   the fleet's file"
function options_in(text) {
  const options = new Map();
  for (const line of listed(text, 'Options')) {
    const found = /^ {2}(-[-\w,]+)( [A-Z]\S*)?/.exec(line);
    for (const name of found?.[1].split(',') ?? []) options.set(name, found[2] !== undefined);
  }
  return options;
}

function positionals_in(text) {
  return listed(text, 'Positionals').map((line) => /^ {2}(\w+)/.exec(line)).filter(Boolean)
    .map(({ input }) => ({ required: input.includes('REQUIRED'), choices: /\{([^}]*)\}/.exec(input)?.[1].split(',') }));
}

const has_subcommand = (text, name) => listed(text, 'Subcommands').some((line) => line.startsWith(`  ${name} `));

// `whole`: as it would be typed; else a part of one, such as in a sentence.
function check_guildfleet(words, { program, whole }) {
  const path = [];
  const given = [];
  let text = help(program, path);
  for (let i = 0; i < words.length; i += 1) {
    const [name, value] = words[i].split(/=(.*)/s);
    if (words[i].startsWith('-')) {
      const takes = options_in(text).get(name);
      if (takes === undefined) throw new Error(`guildfleet ${path.join(' ')} has no option ${name}`);
      if (takes && value === undefined) i += 1;
    } else if (given.length === 0 && has_subcommand(text, words[i])) {
      path.push(words[i]);
      text = help(program, path);
    } else if (path.length === 0) throw new Error(`guildfleet has no "${words[i]}"`);
    else given.push(words[i]);
  }
  const places = positionals_in(text);
  if (whole && given.length < places.filter((each) => each.required).length) throw new Error(`guildfleet ${path.join(' ')}: a value is missing`);
  if (given.length > places.length && !/\.\.\./.test(text)) throw new Error(`guildfleet ${path.join(' ')} does not take "${given.at(-1)}"`);
  given.forEach((each, index) => {
    const choices = places[index]?.choices;
    if (choices && !choices.includes(each)) throw new Error(`guildfleet ${path.join(' ')}: "${each}" is none of ${choices.join(', ')}`);
  });
}

function texts_below(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'storage' ? [] : texts_below(path);
    return name.endsWith('.yaml') || name.endsWith('.yml') ? [readFileSync(path, 'utf8')] : [];
  });
}

// kustomize gives the workloads of an overlay their suffix.
function check_name(kind, word, { folder }) {
  const texts = texts_below(folder);
  const suffix = texts.map((text) => /^nameSuffix: "(.*)"$/m.exec(text)?.[1]).find(Boolean) ?? ' ';
  const name = word.replace(/^(deploy|statefulset|svc)\//, '').split(suffix)[0];
  const pattern = new RegExp(kind === 'service' ? `^  ${name}:$` : `^ *name: ${name}$`, 'm');
  if (!texts.some((text) => pattern.test(text))) throw new Error(`no ${kind} ${name} was rendered`);
}

function check_tree(words, table, context, spoken) {
  let names = 0;
  for (let i = 0; i < words.length; i += 1) {
    const option = table.options.find((each) => each.replace('=', '') === words[i]);
    if (words[i] === '--' && option) continue;
    if (words[i].startsWith('-')) {
      if (!option) throw new Error(`"${spoken}" is not known here to take ${words[i]}`);
      if (option === '-k=') check_path(words[i + 1], context);
      if (option.endsWith('=')) i += 1;
    } else if (table.then === 'command' && names > 0) return check_command(words.slice(i), context);
    else if (typeof table.then === 'object') {
      if (!table.then[words[i]]) throw new Error(`"${spoken}" is not known here to take "${words[i]}"`);
      return check_tree(words.slice(i + 1), table.then[words[i]], context, `${spoken} ${words[i]}`);
    } else {
      names += 1;
      if (table.names && context.folder) check_name(table.names, words[i], context);
    }
  }
  return undefined;
}

function check_path(path, { folder }) {
  if (folder && !existsSync(join(folder, path)) && !existsSync(join(folder, 'deploy', path))) throw new Error(`there is no ${path}`);
}

function check_command(all, context) {
  const words = all.slice(all.findIndex((each) => !/^[A-Z_]+=/.test(each)));
  if (words[0] === 'sudo') words.shift();
  const [name, ...rest] = words;
  if (name === 'guildfleet') return check_guildfleet(rest, context);
  if (name === 'docker' || name === 'podman') return check_tree(rest, engine, context, name);
  if (name === 'kubectl') return check_tree(rest, kubectl, context, name);
  if (name === 'systemctl') return check_tree(rest, systemctl, context, name);
  if (name.includes('/')) return check_path(name, context);
  if (!plain.includes(name)) throw new Error(`nobody here knows the command ${name}`);
  return undefined;
}

// Throws what is wrong with the first bad command of the block.
export function check_shown(script, context) {
  execFileSync('bash', ['-n'], { input: script, stdio: 'pipe' });
  for (const words of commands_in(script)) check_command(words, { ...context, whole: true });
}

// A command within a sentence; it may be a part of one.
export function check_spoken(text, context) {
  for (const words of commands_in(text)) if (/^(guildfleet|docker|kubectl|systemctl)$/.test(words[0])) check_command(words, { ...context, whole: false });
}
