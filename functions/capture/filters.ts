/** What the account was asked for besides the day and the channel; an empty list is *all*. */
export interface Filters {
  readonly chatType: 'all' | 'inbound' | 'outbound';
  readonly groups: readonly string[];
  readonly services: readonly string[];
  readonly assignees: readonly string[];
}
