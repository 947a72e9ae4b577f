import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import {
  CloudWatchDimensionSource,
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  DkimIdentity,
  EasyDkimSigningKeyLength,
  EmailIdentity,
  type EmailIdentityProps,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { SenderIdentity } from './deployment.ts';
import { SES_DIMENSION } from './metrics.ts';
import { configurationSetName } from './names.ts';
import type { CheckedAccount } from './read-account.ts';

export interface MailConfigurationProps {
  readonly account: string;
  readonly alarmTopic: ITopic;
}

/** How SES sends the account's mail, and where it reports failed deliveries. */
export class MailConfiguration extends Construct {
  constructor(scope: Construct, id: string, { account, alarmTopic }: MailConfigurationProps) {
    super(scope, id);
    const name = configurationSetName(account);
    const set = new ConfigurationSet(this, 'Set', {
      configurationSetName: name,
      reputationMetrics: true,
      // A report holds names and, by a setting, telephone numbers.
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    // Rendering can fail only with SES's own templates, which are not used.
    const { BOUNCE, COMPLAINT, REJECT } = EmailSendingEvent;
    const source = CloudWatchDimensionSource.MESSAGE_TAG;
    set.addEventDestination('Counted', {
      configurationSetEventDestinationName: 'counted',
      destination: EventDestination.cloudWatchDimensions([
        { source, name: SES_DIMENSION, defaultValue: name },
      ]),
      events: [BOUNCE, COMPLAINT, REJECT],
    });
    // The event holds the recipient and the answer of their server.
    set.addEventDestination('Told', {
      configurationSetEventDestinationName: 'told',
      destination: EventDestination.snsTopic(alarmTopic),
      events: [BOUNCE, COMPLAINT],
    });
  }
}

/** The identities that may send: each domain or address once, even for several accounts. */
export class Senders extends Construct {
  constructor(scope: Construct, id: string, { accounts }: { readonly accounts: readonly CheckedAccount[] }) {
    super(scope, id);
    const sendersOf = (kind: SenderIdentity): Set<string> =>
      new Set(
        accounts.filter(({ senderIdentity }) => senderIdentity === kind).map(({ mail }) => mail.from.address),
      );
    for (const domain of new Set([...sendersOf('domain')].map(domainOf))) this.addDomain(domain);
    for (const address of sendersOf('address'))
      this.addSender(address, { identity: Identity.email(address) });
  }

  private addDomain(domain: string): void {
    const dkimIdentity = DkimIdentity.easyDkim(EasyDkimSigningKeyLength.RSA_2048_BIT);
    const sender = this.addSender(domain, { identity: Identity.domain(domain), dkimIdentity });
    for (const [place, { name, value }] of sender.dkimRecords.entries()) {
      new CfnOutput(this, `Dkim-${domain}-${place + 1}`, {
        value: `${name} CNAME ${value}`,
        description: `For the DNS of ${domain}: until it is there SES sends nothing`,
      });
    }
  }

  private addSender(id: string, props: EmailIdentityProps): EmailIdentity {
    const sender = new EmailIdentity(this, id, props);
    // A new identity must be verified first. Until then no report would be sent.
    sender.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    return sender;
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
