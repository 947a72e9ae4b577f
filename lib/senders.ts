import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import {
  DkimIdentity,
  EasyDkimSigningKeyLength,
  EmailIdentity,
  type EmailIdentityProps,
  Identity,
} from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { SenderIdentity } from './deployment.ts';
import type { CheckedAccount } from './read-account.ts';

/** Who may send: each domain or address once, however many accounts send from it. */
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
    // Made anew it would have to be verified anew, and until then nobody gets a report.
    sender.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    return sender;
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
