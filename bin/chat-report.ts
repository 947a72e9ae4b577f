import { Command, CommanderError, Option } from 'commander';
import type { SettingProblem } from '../functions/config/settings.ts';
import { VENDOR } from '../functions/sources/vendor.ts';
import project from '../package.json' with { type: 'json' };
import type { CommonFlags } from './common-options.ts';
import { describeExamples, describeExitCodes, describeProgram, type Examples } from './help.ts';
import type { AccountNeed } from './settings/account-settings.ts';
import { EXIT, type ExitCode, formatError, openTerminal, refuse, type Terminal } from './terminal.ts';

/** What a command does. The problems are those of the command line itself: they join what the command finds wrong. */
type Action<Flags> = (
  flags: Flags,
  terminal: Terminal,
  problems: readonly SettingProblem[],
) => Promise<ExitCode>;

const option = {
  day: new Option('--day <day>', 'one day: YYYY-MM-DD, or yesterday'),
  from: new Option('--from <day>', 'the first of several days'),
  to: new Option('--to <day>', 'the last of several days'),
  lake: new Option(
    '--lake <place>',
    'where the data is kept: a folder, or s3://bucket/prefix (default: out/lake)',
  ),
  outbox: new Option('--outbox <folder>', 'where mails are written as .eml files (default: out/outbox)'),
  locale: new Option('--locale <locale>', 'language of the report: vi or en'),
  settings: new Option(
    '--settings <file>',
    'the settings file (default: chat-report.env, where it is there)',
  ),
  account: new Option(
    '--account <name>',
    'an account of bin/accounts.ts that is deployed, in place of a file',
  ),
  quiet: new Option('--quiet', 'print only what needs attention'),
  verbose: new Option('--verbose', 'print each step of the work'),
  log: new Option('--log <form>', 'how progress is written: plain, or json for programs'),
} as const;

interface Declaration<Flags> {
  readonly description: string;
  /** Its file loads when the command runs, so that help is quick. */
  readonly load: () => Promise<Action<Flags>>;
  readonly options?: readonly Option[];
  /** What it takes of an account that is deployed. Without it the command reads no settings. */
  readonly needs?: (flags: Flags) => readonly AccountNeed[];
  /** The words that stand before options. They reach the command as `words`; it says itself which are missing. */
  readonly words?: readonly string[];
  readonly examples?: Examples;
}

/**
 * The command line: every command with its options.
 *
 * @param args without the program's own name
 * @returns the exit code of the process
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const blank: SettingProblem[] = [];

  const program = new Command('chat-report')
    .description(`The daily chat report for companies that serve their customers through ${VENDOR}.`)
    .version(`chat-report ${project.version}`, '-v, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: (text, write) => write(text.replace(LACKS_VALUE, '$2 lacks its value; write $1')),
    })
    .showHelpAfterError('(see chat-report --help)')
    .addHelpText('after', describeProgram)
    .hook('preAction', (_program, command) => {
      blank.push(...dropUnfitValues(command), ...findRepeatedOptions(command, args));
    });

  /** Declares a command. */
  function declare<Flags>(
    name: string,
    { description, load, options = [], needs, words = [], examples = [] }: Declaration<Flags>,
  ): Command {
    const command = program.command(name).description(description);
    // The command reports these mistakes itself, together with all others.
    command.allowUnknownOption().allowExcessArguments();
    if (words.length > 0) command.usage(`${words.map((word) => `<${word}>`).join(' ')} [options]`);
    for (const one of options) command.addOption(one);
    if (needs !== undefined) command.addOption(option.settings).addOption(option.account);
    if (examples.length > 0) command.addHelpText('after', () => `\n${describeExamples(examples)}`);
    if (needs !== undefined) command.addHelpText('after', () => `\n${describeExitCodes()}`);
    return command.action(async () => {
      const given = command.args.slice(0, words.length);
      const first = given.findIndex((word) => word.startsWith('-'));
      const taken = first < 0 ? given : given.slice(0, first);
      const rest = command.args.slice(taken.length);
      const flags: Flags & CommonFlags = { ...command.opts<Flags & CommonFlags>(), words: taken };
      const isDrawn = flags.log === undefined && flags.quiet !== true;
      const shown = isDrawn ? openTerminal(terminal) : terminal;
      const { applyCommonOptions } = await import('./common-options.ts');
      const act = await load();
      const applied = await applyCommonOptions(flags, shown, needs?.(flags) ?? null);
      const { terminal: prepared } = applied;
      const problems = [...blank, ...(await checkArguments(rest, command)), ...applied.problems];
      // Without the account's settings, others would be judged.
      exitCode = applied.areKnown ? await act(flags, prepared, problems) : refuse(prepared, problems);
    });
  }

  declare('demo', {
    description: `report yesterday of a simulated ${VENDOR}; needs no settings`,
    load: async () => (await import('./commands/demo.ts')).demo,
    options: [option.locale],
  });

  declare('init', {
    description: 'ask for the settings of your account, try them, and write the settings file',
    load: async () => (await import('./commands/init.ts')).init,
    examples: [
      ['chat-report init', 'on a terminal: ask one question after the other'],
      ['chat-report init --domain acme --token-file t.txt', 'in a script: ask nothing'],
    ],
  })
    .option('--domain <name>', `your account at ${VENDOR}: its name, or its address`)
    .option('--token-file <file>', 'a file that holds the token alone; - reads it from stdin')
    .option('--channels <list>', 'the channels of the report: of livechat,messenger,zalo')
    .option('--groups <list>', 'only these groups count: their ids or names')
    .option('--services <list>', 'only these services count: their ids or names')
    .option('--clock <clock>', `the clock of the times at ${VENDOR}: local or utc`)
    .option('--mail-to <list>', 'the recipients of mails')
    .option('--mail-from <address>', 'the sender of mails')
    .addOption(option.locale)
    .option('--hours <hours>', 'when agents are there to answer, such as "Mon-Sat 08:00-21:00"')
    .option('--target <rate>', 'the highest rate of missed chats that is accepted, such as 8%')
    .addOption(option.lake)
    .option('--file <file>', 'the settings file to write (default: chat-report.env)')
    .option('--settings <file>', 'the same')
    .option('--yes', 'write over a file that is there, and take what is proposed')
    .option('--offline', `ask ${VENDOR} nothing; nothing is proposed then`)
    .addHelpText('after', () => `\n${describeExitCodes()}`);

  declare('check', {
    description: 'list the settings in force, and try them on the account, the lake and the mail',
    load: async () => (await import('./commands/check.ts')).check,
    options: [option.lake, option.verbose, option.log],
    needs: ({ lake, settingsOnly }) => (settingsOnly ? [] : [...besides(lake), 'token', 'keys']),
    examples: [
      ['chat-report check', 'the settings, the account, the lake and the mail'],
      ['chat-report check --settings-only', 'the settings alone; asks nothing'],
      ['chat-report check --account acme', 'an account of bin/accounts.ts'],
    ],
  })
    .option('--settings-only', 'list the settings in force, and stop')
    .option('--send', 'ask SES, too, whether it would send the mail')
    .option('--json', 'print the findings as JSON, and nothing else');

  declare('run', {
    description: 'report yesterday, or the days asked for',
    load: async () => (await import('./commands/run.ts')).run,
    options: [option.day, option.from, option.to],
    needs: ({ lake }) => [...besides(lake), 'token', 'keys', 'links'],
    examples: [
      ['chat-report run', 'yesterday'],
      ['chat-report run --day 2026-11-20', 'one day'],
      ['chat-report run --from 2026-11-01 --to yesterday', 'several days, the oldest first'],
      ['chat-report run --channels zalo', 'one channel alone, beside the report of the day'],
      ['chat-report run --send --quiet', 'for a schedule: mail it, and print only what needs attention'],
    ],
  })
    .option('--channels <list>', 'some channels alone: of livechat,messenger,zalo')
    .option('--look-back <days>', 'ask again for days this long before, such as 1,2,3,7, or none')
    .option('--refresh', `ask ${VENDOR} again for days that are proven already`)
    .option('--resend', 'send again what was sent already')
    .addOption(option.lake)
    .addOption(option.outbox)
    .option('--send', 'send the mail through SES instead, and notify the event bus and the webhooks')
    .addOption(option.locale)
    .option('--json', 'print the summary as JSON, and nothing else')
    .addOption(option.quiet)
    .addOption(option.verbose)
    .addOption(option.log);

  declare('status', {
    description: 'show how the last days and the runs of today stand; asks for nothing',
    load: async () => (await import('./commands/status.ts')).status,
    options: [option.lake],
    needs: ({ lake }) => besides(lake),
    examples: [
      ['chat-report status', 'the last weeks, a line a day, and the runs of today'],
      ['chat-report status --day 2026-11-20', 'everything about one day'],
    ],
  })
    .option('--day <day>', 'tell all about one day: YYYY-MM-DD, or yesterday')
    .option('--days <number>', 'how many days it lists (default: 14)')
    .option('--json', 'print it as JSON, and nothing else');

  declare('serve', {
    description: 'show the reports in a browser, and answer the API, on this machine alone',
    load: async () => (await import('./commands/serve.ts')).serve,
    options: [option.lake, option.locale, option.verbose, option.log],
    needs: ({ lake }) => [...besides(lake), 'token', 'keys'],
  }).option('--port <number>', '0 takes any free port', '8081');

  declare('rebuild', {
    description: 'derive tables and reports again from the raw data; asks for nothing',
    load: async () => (await import('./commands/rebuild.ts')).rebuild,
    options: [
      ...[option.day, option.from, option.to, option.lake],
      ...[option.quiet, option.verbose, option.log],
    ],
    needs: ({ lake }) => [...besides(lake), 'keys'],
  });

  declare('erase', {
    description: 'remove a person from the lake and the outbox, and keep them out from then on',
    load: async () => (await import('./commands/erase.ts')).erase,
    needs: ({ lake }) => besides(lake),
    examples: [
      ['chat-report erase --phone 0901234567 --dry-run', 'see what would be removed'],
      ['chat-report erase --customer 165644057', 'remove a customer by their id'],
    ],
  })
    .option('--customer <id>', `the person, by their id at ${VENDOR}`)
    .option('--phone <number>', 'or by their telephone number')
    .option('--email <address>', 'or by their e-mail address')
    .option('--dry-run', 'change nothing, and print what would be removed')
    .addOption(option.lake)
    .addOption(option.outbox)
    .option('--json', 'print what was removed as JSON, and nothing else');

  declare('aws', {
    description: 'look after an account on AWS: doctor, why, report or token',
    load: async () => (await import('./commands/aws.ts')).aws,
    words: ['account', 'what'],
    examples: [
      ['chat-report aws acme doctor', 'examine all that is deployed, a line a check'],
      ['chat-report aws acme why --day 2026-11-20', 'its executions, what they did, and what to do'],
      ['chat-report aws acme report --day 2026-11-20', 'start a report; recipients get it once'],
      ['chat-report aws acme token --file token.txt', `store the token of ${VENDOR}`],
    ],
  })
    .option('--day <day>', 'of why and report: YYYY-MM-DD, or yesterday, the default')
    .option('--refresh', `of report: ask ${VENDOR} again for what is proven already`)
    .option('--resend', 'of report: send again to all recipients')
    .option('--file <file>', 'of token: a file that holds the token alone (default: stdin)')
    .option('--json', 'of doctor and why: print it as JSON, and nothing else')
    .addHelpText('after', () => `\n${describeExitCodes()}`);

  declare('settings', {
    description: 'list the settings: the name, the default and the meaning of each',
    load: async () => (await import('./commands/settings.ts')).settings,
  });

  declare('simulate', {
    description: `serve a simulated ${VENDOR}`,
    load: async () => (await import('./commands/simulate.ts')).simulate,
  })
    .option('--port <number>', '0 takes any free port', '8080')
    .option('--seed <number>', 'another seed, another company', '1')
    .option('--chats <number>', 'chats a day over all channels', '700')
    .option('--fault <fault>', 'let it go wrong; may be repeated', collect, [])
    .option('--nights', 'let days change after they are over, and channels be dead for hours or days');

  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) return EXIT.wrongUsage;
      terminal.out(await describeLast(error, args));
      return EXIT.done;
    }
    terminal.err(`chat-report: ${formatError(error)}\n`);
    return EXIT.unforeseen;
  }
}

/** The lake of the account is needed unless another is given. An empty list would ask AWS nothing. */
function besides(lake: string | undefined): readonly AccountNeed[] {
  return lake === undefined ? ['lake'] : [];
}

/** How the library says it. */
const LACKS_VALUE = /option '((--[\w-]+) [^']*)' argument missing/;

/** The end of the help of some commands. It loads when the rest is shown, so that the first word comes soon. */
async function describeLast({ code }: CommanderError, args: readonly string[]): Promise<string> {
  if (!code.startsWith('commander.help')) return '';
  if (args.includes('run')) return `\n${(await import('./settings/setting-table.ts')).describeSettings()}\n`;
  if (args.includes('simulate'))
    return `\n${(await import('./commands/simulate.ts')).describeSimulation()}\n`;
  return '';
}

/** A value that no user can mean is a mistake: the user did not ask for the default. */
function dropUnfitValues(command: Command): SettingProblem[] {
  return command.options.flatMap((one) => {
    const name = one.attributeName();
    const value: unknown = command.getOptionValue(name);
    const says = typeof value === 'string' ? explainUnfit(value, command) : null;
    if (says === null) return [];
    // The value goes, so that no other check reports it, too.
    command.setOptionValue(name, one.defaultValue);
    return [{ of: one.long ?? one.flags, says }];
  });
}

/** An unset variable leaves a blank. A value that is left out makes the next option the value. */
function explainUnfit(value: string, { options }: Command): string | null {
  if (value.trim() === '') return 'is blank; give it a value, or leave it out';
  const isOption = options.some(({ long }) => long !== undefined && long === value.split('=', 1)[0]);
  return isOption ? `lacks its value, because ${value} follows it; give it one, or leave it out` : null;
}

/** Of an option that is given twice, one value would be ignored. */
function findRepeatedOptions({ options }: Command, args: readonly string[]): SettingProblem[] {
  return options.flatMap(({ long, defaultValue, required }) => {
    if (long === undefined || Array.isArray(defaultValue)) return [];
    const times = args.filter((word) => word === long || (required && word.startsWith(`${long}=`))).length;
    return times > 1 ? [{ of: long, says: `is given ${times} times; give it once` }] : [];
  });
}

const DAY = /^(?:\d{4}-\d\d-\d\d|yesterday)$/;
/** As text programs write two hyphens. */
const LONG_DASH = /^[–—]-?/u;
/** A longer slip is another option. */
const MOST_SLIPS = 2;

/** No command takes arguments, so each one is a mistake. Unknown options are among them. */
async function checkArguments(args: readonly string[], { options }: Command): Promise<SettingProblem[]> {
  if (args.length === 0) return [];
  const [{ default: leven }, { redact }] = await Promise.all([
    import('leven'),
    import('../functions/observability/redact.ts'),
  ]);
  const names = options.flatMap(({ long }) => long ?? []);
  const meantBy = (name: string): string | undefined =>
    names
      .filter((one) => leven(name, one) <= MOST_SLIPS || one.startsWith(`${name}-`))
      .toSorted((one, other) => leven(name, one) - leven(name, other))
      .at(0);
  return args.flatMap((of, place) => {
    if (LONG_DASH.test(of))
      return [{ of, says: `begins with a long dash; write ${of.replace(LONG_DASH, '--')}` }];
    // It is the value of an unknown option, and may be a secret. The option is told.
    if (!of.startsWith('-')) {
      const isValue = args[place - 1]?.startsWith('-') === true;
      return isValue ? [] : [{ of: redact(of), says: explainWord(of, names) }];
    }
    const [name = of] = of.split('=', 1);
    if (names.includes(name)) return [{ of: name, says: 'takes no value; leave out what follows it' }];
    const meant = meantBy(name);
    const says = `is no option of this command; ${meant ? `write ${meant}` : 'see --help'}`;
    return [{ of: redact(name), says }];
  });
}

function explainWord(word: string, options: readonly string[]): string {
  const isDay = DAY.test(word) && options.includes('--day');
  return `is one word too many; ${isDay ? `write --day ${word}` : 'leave it out, or write its option before it'}`;
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
