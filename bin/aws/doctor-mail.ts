import {
  GetAccountCommand,
  GetConfigurationSetCommand,
  GetEmailIdentityCommand,
  type GetEmailIdentityCommandOutput,
  SESv2Client,
} from '@aws-sdk/client-sesv2';
import pLimit from 'p-limit';
import { type Finding, fail, note, ok } from '../../functions/sources/caresoft/diagnostics/probe.ts';
import { type AccountOnAws, isThere } from './account-on-aws.ts';
import { CLIENT, examineOne, nameOf } from './asking.ts';

/** Whether SES sends what the account mails. The addresses of recipients are not told. */
export async function examineMail(onAws: AccountOnAws): Promise<Finding[]> {
  const client = new SESv2Client(CLIENT);
  const hasSet = isThere(onAws.stacks.state);
  const asked = [
    examineOne('ses-sender', 'ses:GetEmailIdentity', () => examineSender(client, onAws)),
    examineOne('ses-quota', 'ses:GetAccount', () => examineQuota(client, onAws)),
    ...(hasSet ? [examineOne('ses-set', 'ses:GetConfigurationSet', () => examineSet(client, onAws))] : []),
  ];
  return (await Promise.all(asked)).flat();
}

type Identity = GetEmailIdentityCommandOutput;

/** Null for an identity that SES does not know in this Region. */
async function findIdentity(client: SESv2Client, name: string): Promise<Identity | null> {
  try {
    return await client.send(new GetEmailIdentityCommand({ EmailIdentity: name }));
  } catch (error) {
    if (nameOf(error) === 'NotFoundException') return null;
    throw error;
  }
}

const CREATE = 'aws sesv2 create-email-identity --email-identity';

async function examineSender(
  client: SESv2Client,
  { account: { mail }, toCommand }: AccountOnAws,
): Promise<Finding[]> {
  const id = 'ses-sender';
  const { address } = mail.from;
  const domain = domainOf(address);
  const [ofAddress, ofDomain] = await Promise.all([
    findIdentity(client, address),
    findIdentity(client, domain),
  ]);
  const verified = [[address, ofAddress] as const, [domain, ofDomain] as const].find(
    ([, identity]) => identity?.VerifiedForSendingStatus === true,
  );
  if (verified !== undefined) return [ok(id, `SES has verified the sender, by ${verified[0]}.`)];
  if (ofDomain !== null) {
    const records = dkimRecords(domain, ofDomain);
    const says = `SES knows ${domain}, and has not verified it (${ofDomain.DkimAttributes?.Status ?? ofDomain.VerificationStatus}).`;
    const todo = `the DNS of ${domain} needs these records; SES looks for them for three days`;
    return [fail(id, says, [todo, ...records].join('\n'))];
  }
  if (ofAddress !== null) {
    const says = `SES knows ${address}, and has not verified it.`;
    const todo = `tap the link in the mail that AWS sent there; ${CREATE} ${domain} is for the whole domain`;
    return [fail(id, says, todo)];
  }
  const todo = [
    `${CREATE} ${domain}`,
    `then ${toCommand('doctor')}, which names the records for its DNS`,
    `or, for the address alone: ${CREATE} ${address}`,
  ];
  return [
    fail(
      id,
      `SES does not know the sender in this Region: neither ${domain} nor ${address}.`,
      todo.join('\n'),
    ),
  ];
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** `<token>._domainkey.<domain> CNAME <token>.<zone>`, a line each. */
function dkimRecords(domain: string, { DkimAttributes: dkim }: Identity): string[] {
  const { Tokens = [], SigningHostedZone: zone = 'dkim.amazonses.com' } = dkim ?? {};
  return Tokens.map((token) => `${token}._domainkey.${domain} CNAME ${token}.${zone}`);
}

async function examineQuota(client: SESv2Client, { account: { mail } }: AccountOnAws): Promise<Finding[]> {
  const ses = await client.send(new GetAccountCommand({}));
  const { Max24HourSend: most = 0, SentLast24Hours: sent = 0 } = ses.SendQuota ?? {};
  const recipients = mail.to.length;
  const findings: Finding[] = [];
  if (ses.SendingEnabled === false) {
    const todo = 'aws sesv2 put-account-sending-attributes --sending-enabled, once AWS has said why';
    findings.push(fail('ses-sending', 'SES sends nothing for this AWS account.', todo));
  }
  // -1 means no limit.
  const left = most < 0 ? Number.POSITIVE_INFINITY : most - sent;
  findings.push(
    left < recipients
      ? fail(
          'ses-quota',
          `SES sends ${left} more mails within 24 hours, and MAIL_TO names ${recipients}.`,
          'ask AWS for a higher quota',
        )
      : ok(
          'ses-quota',
          `SES sends ${most < 0 ? 'as much as it gets' : `${left} more mails within 24 hours`}.`,
        ),
  );
  return ses.ProductionAccessEnabled === true
    ? findings
    : [...findings, await examineSandbox(client, mail.to)];
}

const AT_ONCE = 4;

/** In the sandbox SES reaches verified addresses only. */
async function examineSandbox(
  client: SESv2Client,
  recipients: AccountOnAws['account']['mail']['to'],
): Promise<Finding> {
  const id = 'ses-sandbox';
  const isReached = async (name: string): Promise<boolean> =>
    (await findIdentity(client, name))?.VerifiedForSendingStatus === true;
  const reached = await pLimit(AT_ONCE).map(
    [...recipients],
    async ({ address }) => (await isReached(address)) || (await isReached(domainOf(address))),
  );
  const places = reached.flatMap((isSent, place) => (isSent ? [] : [place + 1]));
  const ask =
    'ask AWS for production access: SES console, Account dashboard; say that it is a daily report to your own staff';
  if (places.length === 0) {
    return note(id, 'SES is in its sandbox, and every recipient of MAIL_TO is verified.', ask);
  }
  const says = `SES is in its sandbox, and does not reach the recipients of MAIL_TO at these places: ${places.join(', ')}.`;
  return fail(id, says, `${ask}\nor meanwhile ${CREATE} <recipient>, who gets a mail with a link`);
}

async function examineSet(client: SESv2Client, { account }: AccountOnAws): Promise<Finding[]> {
  const id = 'ses-set';
  try {
    const set = await client.send(
      new GetConfigurationSetCommand({ ConfigurationSetName: account.names.base }),
    );
    if (set.SendingOptions?.SendingEnabled !== false) {
      return [
        ok(id, `The configuration set ${account.names.base} is there: bounces and complaints are told.`),
      ];
    }
    const todo = `aws sesv2 put-configuration-set-sending-options --configuration-set-name ${account.names.base} --sending-enabled`;
    return [fail(id, `The configuration set ${account.names.base} sends nothing.`, todo)];
  } catch (error) {
    if (nameOf(error) !== 'NotFoundException') throw error;
    const todo = `npm run deploy -- ${account.name}`;
    return [
      fail(id, `The configuration set ${account.names.base} is not there, so SES refuses each mail.`, todo),
    ];
  }
}
