// Whether a command of guildfleet could be typed, as its own --help tells.
import { execFileSync } from 'node:child_process';

const told = new Map();

function help(program, path) {
  const key = path.join(' ');
  if (!told.has(key)) {
    try {
      told.set(key, execFileSync(program, [...path, '--help'], { encoding: 'utf8', stdio: 'pipe' }));
    } catch {
      throw new Error(`guildfleet has no "${key}"`);
    }
  }
  return told.get(key);
}

// The indented lines below a title.
function listed(text, title) {
  const found = new RegExp(`^${title}:?\\s*\\n((?:  .*\\n|\\n(?=  ))*)`, 'm').exec(text);
  return found ? found[1].split('\n') : [];
}

// Each option, and whether it takes a value: from lines such as "  -c,--config TEXT   the fleet's file"
function options_in(text) {
  const options = new Map();
  for (const line of listed(text, 'Options')) {
    const found = /^ {2}(-[-\w,]+)( [A-Z]\S*)?/.exec(line);
    for (const name of found?.[1].split(',') ?? []) options.set(name, found[2] !== undefined);
  }
  return options;
}

function positionals_in(text) {
  return listed(text, 'Positionals')
    .filter((line) => /^ {2}\w/.test(line))
    .map((line) => ({
      required: line.includes('REQUIRED'),
      many: line.includes('...'),
      choices: /\{([^}]*)\}/.exec(line)?.[1].split(','),
    }));
}

const has_subcommand = (text, name) => listed(text, 'Subcommands').some((line) => line.startsWith(`  ${name} `));

// Which words belong to what: { path, text: the help of the last subcommand, given: its positionals }
function read_words(words, program) {
  const path = [];
  const given = [];
  let text = help(program, path);
  for (let i = 0; i < words.length; i += 1) {
    const [name, value] = words[i].split(/=(.*)/s);
    if (words[i].startsWith('-')) {
      const takes = options_in(text).get(name);
      if (takes === undefined) throw new Error(`guildfleet ${path.join(' ')} has no option ${name}`);
      if (takes && value === undefined) i += 1;
    } else if (path.length === 0 || (given.length === 0 && has_subcommand(text, words[i]))) {
      path.push(words[i]);
      text = help(program, path);
    } else {
      given.push(words[i]);
    }
  }
  return { path, text, given };
}

// Throws what is wrong. `whole`: as it would be typed; else a part of a command, such as within a sentence.
export function check_guildfleet(words, { program, whole }) {
  const { path, text, given } = read_words(words, program);
  const places = positionals_in(text);
  const name = `guildfleet ${path.join(' ')}`;
  if (whole && given.length < places.filter((each) => each.required).length) throw new Error(`${name}: a value is missing`);
  if (given.length > places.length && !places.at(-1)?.many) throw new Error(`${name} does not take "${given.at(-1)}"`);
  given.forEach((each, index) => {
    const choices = places[index]?.choices;
    if (choices && !choices.includes(each)) throw new Error(`${name}: "${each}" is none of ${choices.join(', ')}`);
  });
}
