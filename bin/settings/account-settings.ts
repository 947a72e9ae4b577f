import {
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  type SettingProblem,
} from '../../functions/config/settings.ts';
import { type Environment, FORMER_NAMES } from '../../functions/config/variables.ts';
import { VENDOR_SETTINGS } from '../../functions/sources/vendor.ts';
import type { OutputName } from '../aws/stacks.ts';
import type { Terminal } from '../terminal.ts';
import { ACCOUNTS_FILE, type DeployedAccount, readAccountFile } from './account-file.ts';

/** The settings of an account of `bin/accounts.ts`, as its deployment sets them. */

/** What a command takes of a deployment. */
export type AccountNeed = 'lake' | 'token' | 'keys' | 'links';

const { token, tokenSecret } = VENDOR_SETTINGS;

/** What the stacks set. The environment can give it in their place. */
const OWN = [
  ...[token, tokenSecret, 'LAKE_URI', 'WEBHOOK_KEY', 'WEBHOOK_KEY_SECRET', 'VIEW_URL', 'PAGES_URL'],
  ...['VIEW_KEY', 'VIEW_KEY_SECRET', 'MAIL_CONFIGURATION_SET', 'EVENT_BUS'],
] as const;

/**
 * The terminal with the settings of the account, and no others: the environment may be that of another account. What the
 * stacks set comes from there, or else from the outputs of the stacks. AWS is asked only for what the command needs.
 *
 * @param needs empty: what only AWS knows is pretended
 */
export async function withAccountSettings(
  name: string,
  terminal: Terminal,
  needs: readonly AccountNeed[],
): Promise<{ readonly terminal: Terminal; readonly problems: readonly SettingProblem[] }> {
  const deployed = await readAccountFile('--account', name, terminal);
  if ('problems' in deployed) return { terminal, problems: deployed.problems };
  const own = pick(terminal.environment, OWN);
  const { account } = deployed;
  const { names, eventBus } = account;
  const set = {
    ACCOUNT: name,
    MAIL_CONFIGURATION_SET: names.base,
    ...(eventBus !== null && { EVENT_BUS: eventBus }),
    ...account.variables,
  };
  const wanted = findWanted({ ...set, ...own }, needs, account);
  const filled = needs.length === 0 ? pretend({ ...set, ...own }) : await readOutputs(wanted, deployed);
  if ('problems' in filled) return { terminal, problems: filled.problems };
  const { values, places } = filled;
  return {
    terminal: {
      ...terminal,
      environment: { ...withoutSettings(terminal.environment), ...set, ...values, ...own },
      origin: {
        path: ACCOUNTS_FILE,
        account: name,
        lines: new Map(Object.keys(set).flatMap((of) => (Object.hasOwn(own, of) ? [] : [[of, null]]))),
        others: places,
      },
    },
    problems: [],
  };
}

interface Wanted {
  readonly setting: SettingName;
  readonly output: OutputName;
  readonly stack: 'state' | 'service';
  /** What stands behind the output. */
  readonly path?: string;
}

/** What is needed and not known yet. A key without an address signs nothing. */
function findWanted(
  known: Environment,
  needs: readonly AccountNeed[],
  { mailLinks, signIn }: Pick<DeployedAccount['account'], 'mailLinks' | 'signIn'>,
): Wanted[] {
  const isSet = (of: SettingName): boolean => (known[of] ?? '') !== '';
  const isNeeded = (need: AccountNeed): boolean => needs.includes(need);
  const hasLinks = isSet('VIEW_URL') || (isNeeded('links') && mailLinks);
  const state = (setting: SettingName, output: OutputName) => ({ setting, output, stack: 'state' as const });
  const api = { output: 'ApiUrl', stack: 'service' } as const;
  return [
    ...(isNeeded('lake') && !isSet('LAKE_URI') ? [state('LAKE_URI', 'LakeUri')] : []),
    ...(isNeeded('token') && !isSet(token) && !isSet(tokenSecret) ? [state(tokenSecret, 'TokenSecret')] : []),
    ...(isNeeded('keys') && isSet('WEBHOOK_URLS') && !isSet('WEBHOOK_KEY') && !isSet('WEBHOOK_KEY_SECRET')
      ? [state('WEBHOOK_KEY_SECRET', 'WebhookKeySecret')]
      : []),
    ...(isNeeded('keys') && hasLinks && !isSet('VIEW_KEY') && !isSet('VIEW_KEY_SECRET')
      ? [state('VIEW_KEY_SECRET', 'ViewKeySecret')]
      : []),
    ...(hasLinks && !isSet('VIEW_URL') ? [{ setting: 'VIEW_URL' as const, ...api }] : []),
    ...(isNeeded('links') && signIn !== null && !isSet('PAGES_URL')
      ? [{ setting: 'PAGES_URL' as const, ...api, path: '/pages' }]
      : []),
  ];
}

interface Filled {
  readonly values: Environment;
  /** The stack that each setting comes from. */
  readonly places: ReadonlyMap<string, string>;
}

async function readOutputs(
  wanted: readonly Wanted[],
  { account }: DeployedAccount,
): Promise<Filled | { readonly problems: readonly SettingProblem[] }> {
  if (wanted.length === 0) return { values: {}, places: new Map() };
  const fail = (says: string) => ({ problems: [{ of: '--account', says: `is "${account.name}", ${says}` }] });
  const { checkAws } = await import('../preflight.ts');
  const missing = await checkAws('--account');
  if (missing.length > 0) return { problems: missing };
  const { explainNoEntry, explainUnasked } = await import('../aws/asking.ts');
  const { openCloudFormation, readStack } = await import('../aws/stacks.ts');
  const client = openCloudFormation();
  const deploy = `npm run deploy -- ${account.name}`;
  const values: Record<string, string> = {};
  const places = new Map<string, string>();
  try {
    for (const kind of new Set(wanted.map(({ stack }) => stack))) {
      const stack = await readStack(client, account.names.stack(kind));
      if (stack.status === null) return fail(`whose stack ${stack.name} is not there; deploy it: ${deploy}`);
      for (const { setting, output, path = '' } of wanted.filter((one) => one.stack === kind)) {
        const value = stack.outputs[output];
        if (value === undefined)
          return fail(`whose stack ${stack.name} has no output ${output}; deploy it: ${deploy}`);
        values[setting] = `${value}${path}`;
        places.set(setting, stack.name);
      }
    }
  } catch (error) {
    const { says, do: todo } = explainUnasked(error, 'cloudformation:DescribeStacks');
    const noEntry = explainNoEntry(error);
    return fail(noEntry === null ? `and its stacks cannot be read: ${says}; ${todo}` : `but AWS ${noEntry}`);
  }
  return { values, places };
}

/** Texts in the place of what only AWS knows, so that the other settings can be judged. */
function pretend(known: Environment): Filled {
  const isSet = (...names: readonly SettingName[]): boolean => names.some((of) => (known[of] ?? '') !== '');
  const names = [
    ...(isSet('LAKE_URI') ? [] : (['LAKE_URI'] as const)),
    ...(isSet(token, tokenSecret) ? [] : [tokenSecret]),
    ...(!isSet('WEBHOOK_URLS') || isSet('WEBHOOK_KEY', 'WEBHOOK_KEY_SECRET')
      ? []
      : (['WEBHOOK_KEY_SECRET'] as const)),
    ...(!isSet('VIEW_URL') || isSet('VIEW_KEY', 'VIEW_KEY_SECRET') ? [] : (['VIEW_KEY_SECRET'] as const)),
  ];
  return {
    values: Object.fromEntries(names.map((of) => [of, SETTINGS[of].wired])),
    places: new Map(names.map((of) => [of, 'AWS'])),
  };
}

function pick(environment: Environment, names: readonly string[]): Environment {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name]?.trim() ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );
}

/** What remains is AWS's, and that of other programs. */
function withoutSettings(environment: Environment): Environment {
  const isSetting = (name: string): boolean =>
    SETTING_NAMES.some((known) => known === name) || Object.hasOwn(FORMER_NAMES, name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isSetting(name)));
}
