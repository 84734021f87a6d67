// Whether a command that cannot be run here could be: subcommands and options exist, and the files, services and workloads that it
// names are there. Of docker, kubectl and systemctl the few that the guide uses are written down here.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { check_guildfleet } from './program_help.mjs';
import { commands_in } from './shell_words.mjs';

const plain = ['cd'];

// options: those that take a value end in '='. then: subcommands, or 'command' where another command follows the first word.
// names: what the other words are.
const docker = {
  options: [],
  then: {
    build: { options: ['-t=', '--build-arg='] },
    inspect: { options: [] },
    run: { options: ['-d', '--name=', '-e=', '-p='] },
    compose: {
      options: ['--profile='],
      then: {
        exec: { options: [], names: 'service', then: 'command' },
        logs: { options: ['-f'], names: 'service' },
        ps: { options: [] },
        up: { options: ['-d', '--force-recreate'], names: 'service' },
      },
    },
  },
};
const kubectl = {
  options: ['-n=', '--namespace='],
  then: {
    apply: { options: ['--server-side', '-k='] },
    create: { options: ['--namespace=', '--cert=', '--key='] },
    exec: { options: ['--'], names: 'workload', then: 'command' },
    get: { options: [] },
    rollout: {
      options: [],
      then: { restart: { options: [], names: 'workload' }, status: { options: [], names: 'workload' } },
    },
  },
};
const systemctl = { options: [], then: { restart: { options: [] } } };
const trees = { docker, kubectl, systemctl };

function rendered_yaml(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'storage' ? [] : rendered_yaml(path);
    return /\.ya?ml$/.test(name) ? [readFileSync(path, 'utf8')] : [];
  });
}

// kustomize gives the workloads of an overlay their suffix.
function check_name(kind, word, folder) {
  const texts = rendered_yaml(folder);
  const suffix = texts.map((text) => /^nameSuffix: "(.*)"$/m.exec(text)?.[1]).find(Boolean);
  const name = word.replace(/^deploy\//, '').split(suffix)[0];
  const pattern = new RegExp(kind === 'service' ? `^  ${name}:$` : `^ *name: ${name}$`, 'm');
  if (!texts.some((text) => pattern.test(text))) throw new Error(`no ${kind} ${name} was rendered`);
}

// Where the block changed into the rendered folder, what it names lies there.
function check_path(path, folder) {
  if (!['.', 'deploy'].some((each) => existsSync(join(folder, each, path)))) throw new Error(`there is no ${path}`);
}

function check_tree(words, tree, spoken, context) {
  let names = 0;
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    const option = tree.options.find((each) => each.replace('=', '') === word);
    if (word.startsWith('-')) {
      if (!option) throw new Error(`"${spoken}" is not known here to take ${word}`);
      if (option === '-k=' && context.folder) check_path(words[i + 1], context.folder);
      if (option.endsWith('=')) i += 1;
    } else if (tree.then === 'command' && names > 0) {
      return check_command(words.slice(i), context);
    } else if (typeof tree.then === 'object') {
      if (!tree.then[word]) throw new Error(`"${spoken}" is not known here to take "${word}"`);
      return check_tree(words.slice(i + 1), tree.then[word], `${spoken} ${word}`, context);
    } else {
      names += 1;
      if (tree.names && context.folder) check_name(tree.names, word, context.folder);
    }
  }
  return undefined;
}

function check_command(all, context) {
  const [name, ...rest] = all.slice(all.findIndex((each) => !/^[A-Z_]+=/.test(each)));
  if (name === 'guildfleet') check_guildfleet(rest, context);
  else if (trees[name]) check_tree(rest, trees[name], name, context);
  else if (name.includes('/')) check_path(name, context.folder);
  else if (!plain.includes(name)) throw new Error(`nobody here knows the command ${name}`);
}

// Throws what is wrong with the first bad command of a block. `folder` is where it would be typed.
export function check_shown(script, { program, folder }) {
  execFileSync('bash', ['-n'], { input: script, stdio: 'pipe' });
  for (const words of commands_in(script)) check_command(words, { program, folder, whole: true });
}

// The same of a piece of text within a sentence; what is no command of these is let through.
export function check_spoken(text, { program }) {
  if (!/^(guildfleet|docker|kubectl|systemctl) /.test(text)) return;
  for (const words of commands_in(text)) check_command(words, { program, whole: false });
}
