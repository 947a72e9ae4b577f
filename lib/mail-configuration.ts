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
import { configurationSetName } from './names.ts';

export interface MailConfigurationProps {
  readonly account: string;
  readonly alarmTopic: ITopic;
}

/** How SES sends the account's mail, and who hears of what did not arrive. */
export class MailConfiguration extends Construct {
  constructor(scope: Construct, id: string, { account, alarmTopic }: MailConfigurationProps) {
    super(scope, id);
    const name = configurationSetName(account);
    const set = new ConfigurationSet(this, 'Set', {
      configurationSetName: name,
      reputationMetrics: true,
      // A report holds names and, where it is asked to, telephone numbers.
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    // Rendering fails with SES's own templates alone, which are not used.
    const { BOUNCE, COMPLAINT, REJECT } = EmailSendingEvent;
    const source = CloudWatchDimensionSource.MESSAGE_TAG;
    set.addEventDestination('Counted', {
      configurationSetEventDestinationName: 'counted',
      destination: EventDestination.cloudWatchDimensions([
        { source, name: SES_DIMENSION, defaultValue: name },
      ]),
      events: [BOUNCE, COMPLAINT, REJECT],
    });
    // The event says which recipient it was, and what their server answered.
    set.addEventDestination('Told', {
      configurationSetEventDestinationName: 'told',
      destination: EventDestination.snsTopic(alarmTopic),
      events: [BOUNCE, COMPLAINT],
    });
  }
}
