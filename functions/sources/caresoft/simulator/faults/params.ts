/** A parameter of /chats that a server may not know. `start_time` stands for both of its bounds. */
export type Param =
  | 'conversation_type'
  | 'chat_status'
  | 'chat_type'
  | 'groups'
  | 'services'
  | 'assignees'
  | 'start_time';
