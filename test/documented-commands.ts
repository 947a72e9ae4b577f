import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTING_NAMES } from '../functions/config/settings.ts';
import { checkAws } from './aws-commands.ts';
import { call } from './command-line/call.ts';
import { readCommands, type ShellCommand } from './shell-commands.ts';

const top = join(import.meta.dirname, '..');

export interface DocumentedCommand {
  /** The document that shows it, and that document's text. */
  readonly path: string;
  readonly text: string;
  readonly command: ShellCommand;
}

/** What is read of a command, after its name: the problems that it has. */
type Check = (args: ShellCommand, text: string) => readonly string[] | Promise<readonly string[]>;

/** Programs that every system has. `documents.process.test.ts` runs each command as it is shown. */
export const SYSTEM_PROGRAMS = ['chmod', 'find', 'openssl', 'test'];

/** Programs whose commands other tests run, or cannot run: those of the guide to the API, the reader of a raw page, systemd. */
const RUN_ELSEWHERE = ['curl', 'gunzip', 'jq', 'loginctl', 'python3', 'systemctl'];

/** How the commands of each program are checked. A program that is not here fails the test. */
const CHECKS: Readonly<Record<string, Check>> = {
  aws: checkAws,
  cdk: checkCdk,
  'chat-report': checkChatReport,
  export: checkExport,
  node: checkNode,
  npm: checkNpm,
  npx: checkNpx,
  ...Object.fromEntries([...SYSTEM_PROGRAMS, ...RUN_ELSEWHERE].map((program) => [program, () => []])),
};

/** Between backticks only these are commands: there words of other kinds stand too. */
const INLINE = /^(?:[A-Z_]+=\S+ )*(?:aws|cdk|chat-report|curl|node|npm|npx|openssl) [a-z-]/;

const FENCED = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;

/** Of README, CONTRIBUTING, CHANGELOG and `docs/`: each block in a fence, with the word behind the fence. */
export function readFences(): { path: string; text: string; language: string; content: string }[] {
  return readDocuments().flatMap(({ path, text }) =>
    [...text.matchAll(FENCED)].map(([, , language = '', content = '']) => ({
      path,
      text,
      language,
      content,
    })),
  );
}

/** Every command that a document shows, in a block of `sh` or between backticks. */
export function readDocumentedCommands(): DocumentedCommand[] {
  const blocks = readFences().filter(({ language }) => language === 'sh');
  const inline = readDocuments().flatMap(({ path, text }) =>
    [...text.replaceAll(FENCED, '').matchAll(/`([^`]+)`/g)]
      .map(([, code = '']) => code.replaceAll(/\s*\n\s*/g, ' '))
      .filter((code) => INLINE.test(code))
      .map((content) => ({ path, text, content })),
  );
  return [...blocks, ...inline].flatMap(({ path, text, content }) =>
    readCommands(content).map((command) => ({ path, text, command })),
  );
}

/** @returns what the program would not understand of a command; empty: nothing */
export async function checkCommand({ command, text }: Omit<DocumentedCommand, 'path'>): Promise<string[]> {
  const [program = '', ...args] = command;
  const check = CHECKS[program];
  if (check === undefined) return [`${program} is a program that no check knows`];
  return [...(await check(args, text))];
}

function readDocuments(): { path: string; text: string }[] {
  return globSync('{README,CONTRIBUTING,CHANGELOG,docs/**/*}.md', { cwd: top }).map((path) => ({
    path,
    text: readFileSync(join(top, path), 'utf8'),
  }));
}

function checkNpm(args: ShellCommand, text: string): readonly string[] | Promise<readonly string[]> {
  const [verb = '', ...rest] = args;
  if (['ci', 'install', 'pack', 'rebuild'].includes(verb)) return [];
  if (verb === 'exec') return checkNpx(rest, text);
  const { scripts } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [script = '', ...behind] = verb === 'run' ? rest.filter((word) => word !== '--silent') : args;
  const runs = scripts[script];
  if (runs === undefined) return [`npm has no script ${script}`];
  const passed = behind.slice(1);
  if (behind.length > 0 && behind[0] !== '--') return [`npm keeps ${behind.join(' ')} for itself`];
  if (script === 'chat-report') return checkChatReport(passed);
  const [file] = /\S+\.ts$/.exec(runs) ?? [];
  return file === undefined ? [] : checkFlagsIn(file, passed);
}

/** Our own scripts read their flags by `parseArgs`: each has a line of its own there. */
function checkFlagsIn(file: string, args: ShellCommand): string[] {
  const source = readFileSync(join(top, file), 'utf8');
  return flagsIn(args)
    .filter((flag) => !new RegExp(`^ +'?${flag.slice(2)}'?: \\{ type:`, 'm').test(source))
    .map((flag) => `${file} has no ${flag}`);
}

function checkNpx(words: ShellCommand, _text: string): readonly string[] | Promise<readonly string[]> {
  const [program = '', ...args] = words.filter((word) => word !== '--yes');
  if (program === 'cdk') return checkCdk(args);
  if (/^(chat-report|\.\/chat-report-[\d.]+\.tgz)$/.test(program)) return checkChatReport(args);
  if (program !== 'vitest' || args[0] !== 'run') return [`npx ${program} ${args[0]} is not checked`];
  const known = ['-t', '-u', '--mode', '--reporter=json', '--coverage.enabled=false'];
  return args.slice(1).flatMap((word, at, all) => {
    if (word.startsWith('-')) return known.includes(word) ? [] : [`vitest has no ${word} that is known here`];
    const isValue = ['-t', '--mode'].includes(all[at - 1] ?? '');
    return isValue || isPlaceholder(word) || existsSync(join(top, word)) ? [] : [`${word} is not there`];
  });
}

/** By the list of commands and options that the CDK reads itself. */
function checkCdk([verb = '', ...args]: ShellCommand): string[] {
  const registry = JSON.parse(
    readFileSync(join(top, 'node_modules/aws-cdk/lib/cli/cli-type-registry.json'), 'utf8'),
  ) as { globalOptions: object; commands: Record<string, { options?: object }> };
  const command = registry.commands[verb];
  if (command === undefined) return [`cdk has no command ${verb}`];
  const known = Object.keys({ ...registry.globalOptions, ...command.options });
  return flagsIn(args)
    .filter((flag) => !known.includes(flag.slice(2)))
    .map((flag) => `cdk ${verb} has no ${flag}`);
}

/** By its own `--help`. */
async function checkChatReport([name = '', ...args]: ShellCommand): Promise<string[]> {
  if (isPlaceholder(name)) return [];
  // The name of the program alone stands for each of its commands.
  if (['', '--help'].includes(name)) return [];
  const { out } = await call([name, '--help'], {});
  if (!out.startsWith(`Usage: chat-report ${name} `)) return [`chat-report has no command ${name}`];
  const options = [...out.matchAll(/^ +(?:-\w, )?(--[\w-]+)( <)?/gm)];
  const [known, valued] = [options, options.filter(([, , value]) => value !== undefined)].map((some) =>
    some.map(([, flag]) => flag ?? ''),
  );
  // The words that stand before options: `Usage: chat-report aws <account> <what> [options]`.
  const [usage = ''] = out.split('\n');
  const words = [...usage.matchAll(/<\w+>/g)].length;
  return args.slice(words).flatMap((word, at, rest) => {
    if (word.startsWith('--')) return known?.includes(word) ? [] : [`chat-report ${name} has no ${word}`];
    return valued?.includes(rest[at - 1] ?? '') ? [] : [`chat-report ${name} takes no ${word}`];
  });
}

/** A setting; or what a later command of the document takes. */
function checkExport(args: ShellCommand, text: string): string[] {
  return args
    .map((word) => word.split('=')[0] ?? '')
    .filter((name) => !(SETTING_NAMES.some((one) => one === name) || new RegExp(`\\$${name}\\b`).test(text)))
    .map((name) => `${name} is no setting, and nothing takes it`);
}

function checkNode(args: ShellCommand): string[] {
  return args
    .filter((word) => /\.m?[jt]s$/.test(word) && !existsSync(join(top, word)))
    .map((word) => `${word} is not there`);
}

function flagsIn(args: ShellCommand): string[] {
  return args.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? '');
}

function isPlaceholder(word: string): boolean {
  return /^<.+>$/.test(word);
}
