import { Aws, CfnOutput, Fn, RemovalPolicy, SecretValue, Validations } from 'aws-cdk-lib';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Secret, type SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { VENDOR } from '../functions/sources/vendor.ts';
import { type SecretKind, TOKEN_PLACEHOLDER } from './names.ts';
import type { CheckedAccount } from './read-account.ts';

/** 40 letters and digits are base64 of 30 random bytes. */
const WEBHOOK_KEY_LENGTH = 40;
/** 64 of them are as good as 47 random bytes. */
const VIEW_KEY_LENGTH = 64;

/** `arn:aws:cloudformation:<Region>:<number>:stack/<name>/<8 hex digits>-…`: it is another in each life of a stack. */
const STACK_LIFE = Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));

/**
 * The account's token, and the keys that its webhooks, the links in its mails and sessions of its pages are signed with. All
 * are always there: a secret that came and went with a setting could not come a second time. CloudFormation takes over no
 * existing secret, so each life of the stack has its own, by name.
 */
export class AccountSecrets extends Construct {
  readonly token: Secret;
  readonly webhookKey: Secret;
  readonly viewKey: Secret;
  private readonly account: CheckedAccount;
  private readonly key: IKey | undefined;

  constructor(scope: Construct, id: string, { account }: { readonly account: CheckedAccount }) {
    super(scope, id);
    const { name, kmsKeyArn } = account;
    this.account = account;
    this.key = kmsKeyArn === null ? undefined : Key.fromKeyArn(this, 'Key', kmsKeyArn);
    this.token = this.keep('token', 'Token', {
      whyNotRotated: `${VENDOR} issues it in its own console and has no call to replace it.`,
      description: `The ${VENDOR} token of ${name}, and nothing else`,
      secretStringValue: SecretValue.unsafePlainText(TOKEN_PLACEHOLDER),
    });
    this.webhookKey = this.keep('webhook-key', 'WebhookKey', {
      whyNotRotated: 'Each receiver has a copy: it is replaced together with them.',
      description: `What the webhooks of ${name} are signed with: base64, to be read as whsec_<this>`,
      generateSecretString: { excludePunctuation: true, passwordLength: WEBHOOK_KEY_LENGTH },
    });
    this.viewKey = this.keep('view-key', 'ViewKey', {
      whyNotRotated: 'It is replaced when a link has got into the wrong hands: that ends all of them.',
      description: `What links in mails and sessions of ${name} are signed with`,
      generateSecretString: { excludePunctuation: true, passwordLength: VIEW_KEY_LENGTH },
    });
  }

  private keep(
    kind: SecretKind,
    id: string,
    { whyNotRotated, ...props }: SecretProps & { readonly whyNotRotated: string },
  ): Secret {
    const secretName = Fn.join('-', [this.account.names.secret(kind), STACK_LIFE]);
    const secret = new Secret(this, id, {
      ...props,
      secretName,
      ...(this.key && { encryptionKey: this.key }),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    Validations.of(secret).acknowledge({ id: 'AwsSolutions-SMG4', reason: whyNotRotated });
    const output = new CfnOutput(this, `${id}Name`, {
      value: secretName,
      description: props.description ?? '',
    });
    output.overrideLogicalId(`${id}Secret`);
    return secret;
  }
}
