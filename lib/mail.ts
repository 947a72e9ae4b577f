import {
  CloudWatchDimensionSource,
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailSendingEvent,
  EventDestination,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { SES_DIMENSION } from './metrics.ts';
import type { AccountNames } from './names.ts';

export interface MailConfigurationProps {
  readonly names: AccountNames;
  readonly alarmTopic: ITopic;
}

/**
 * How SES sends the account's mail, and where it reports failed deliveries. The sender is not made here: an identity serves
 * several accounts and programs, and a second stack could not make it again.
 */
export class MailConfiguration extends Construct {
  constructor(scope: Construct, id: string, { names: { base }, alarmTopic }: MailConfigurationProps) {
    super(scope, id);
    const set = new ConfigurationSet(this, 'Set', {
      configurationSetName: base,
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
        { source, name: SES_DIMENSION, defaultValue: base },
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
