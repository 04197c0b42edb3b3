// What the page knows: people, their menus, chats and messages. Nothing here is drawn.

/** Return the key of a message on this page: ids repeat from chat to chat. */
export function keyOf(message) {
  return `${message.chat.id}:${message.message_id}`;
}

export class Store {
  constructor() {
    this.people = [];
    this.chats = [];
    this.hints = [];
    this.unread = new Map();
  }

  /** Take everything anew, as it comes with each connection. */
  load({ bot, people, chats, hints }) {
    Object.assign(this, { bot, people, hints });
    this.chats = chats.map(({ messages, ...rest }) => {
      return { ...rest, messages: new Map(messages.map((message) => [keyOf(message), message])) };
    });
  }

  /** Take the people anew: their languages and menus. */
  meet(people) {
    this.people = people;
  }

  person(userId) {
    return this.people.find(({ user }) => user.id === userId);
  }

  /** Return the chat that an id means; a group that was upgraded has several. */
  chat(chatId) {
    return this.chats.find(({ ids }) => ids.includes(chatId));
  }

  /** Return a chat's name as people see it. */
  chatName(record) {
    return record.chat.title ?? this.bot.first_name;
  }

  /** Take an event; true when it was news. */
  take(kind, chatId, data) {
    const messages = this.chat(chatId)?.messages;
    if (!messages) return false;
    if (kind === "message") {
      // A state that was sent a moment ago can already hold it.
      if (messages.has(keyOf(data))) return false;
      messages.set(keyOf(data), data);
    } else if (kind === "edit") messages.set(keyOf(data), data);
    else if (kind === "delete") messages.delete(keyOf(data));
    return true;
  }

  /** Return how many messages of a chat (of all chats, without one) a person has not seen. */
  unreadOf(userId, chatId = null) {
    const ids = chatId === null ? this.person(userId).chat_ids : [chatId];
    return ids.reduce((sum, id) => sum + (this.unread.get(`${userId}:${id}`) ?? 0), 0);
  }

  countUnread(userId, chatId) {
    this.unread.set(`${userId}:${chatId}`, this.unreadOf(userId, chatId) + 1);
  }

  markRead(userId, chatId) {
    this.unread.delete(`${userId}:${chatId}`);
  }
}
