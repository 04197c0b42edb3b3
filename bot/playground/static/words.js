// What the page itself says, in English and French. What the bot says comes from the bot.

const WORDS = {
  en: {
    bot: "bot",
    chats: "Chats of {name}",
    close: "Close",
    commands: "Commands",
    connected: "live",
    connecting: "connecting…",
    copied: "Copied",
    dark: "Dark colours",
    description:
      "Start as the Merchant: type /pay, or pick a line from “Things to try”. Refunds, and payments over the limit, wait for the Admin.",
    document: "Open {name}, {size}",
    edited: "edited",
    empty: "No messages yet",
    forwarded: "Forwarded from ",
    hints: "Things to try",
    joined: "{name} added {others}",
    keyboard: "Keyboard",
    language: "Language of {name}",
    left: "{name} left the group",
    members: "{n} members",
    menu: "Menu",
    message: "Message",
    messageAs: "Message as {name}",
    messages: "Messages in {chat}",
    migrated: "This is the upgraded group",
    migrating: "The group was upgraded to a supergroup",
    newer: "Newest messages",
    noMoney: " · no real money",
    noReply: "Do not reply",
    offline: "Not connected; try again in a moment",
    ok: "OK",
    people: "Whose phone",
    phone: "Phone of {name}",
    photo: "Photo",
    reply: "Reply",
    replyTo: "Reply to {name}",
    sandbox: "Sandbox",
    says: "{name}: {text}",
    send: "Send",
    skip: "Skip to the writing field",
    typing: "typing…",
    unread: "{n} new",
    write: "Write a message…",
  },
  fr: {
    bot: "bot",
    chats: "Discussions de {name}",
    close: "Fermer",
    commands: "Commandes",
    connected: "en direct",
    connecting: "connexion…",
    copied: "Copié",
    dark: "Couleurs sombres",
    description:
      "Commencez en Merchant : tapez /pay, ou choisissez une ligne sous « À essayer ». Les remboursements, et les paiements au-dessus de la limite, attendent l’Admin.",
    document: "Ouvrir {name}, {size}",
    edited: "modifié",
    empty: "Aucun message",
    forwarded: "Transféré de ",
    hints: "À essayer",
    joined: "{name} a ajouté {others}",
    keyboard: "Clavier",
    language: "Langue de {name}",
    left: "{name} a quitté le groupe",
    members: "{n} membres",
    menu: "Menu",
    message: "Message",
    messageAs: "Message en tant que {name}",
    messages: "Messages de {chat}",
    migrated: "Ceci est le groupe mis à niveau",
    migrating: "Le groupe est devenu un supergroupe",
    newer: "Derniers messages",
    noMoney: " · pas d’argent réel",
    noReply: "Ne pas répondre",
    offline: "Pas de connexion ; réessayez dans un instant",
    ok: "OK",
    people: "Le téléphone de qui",
    phone: "Téléphone de {name}",
    photo: "Photo",
    reply: "Répondre",
    replyTo: "Répondre à {name}",
    sandbox: "Bac à sable",
    says: "{name} : {text}",
    send: "Envoyer",
    skip: "Aller au champ d’écriture",
    typing: "écrit…",
    unread: "{n} nouveaux",
    write: "Écrire un message…",
  },
};

/** Return the language the page speaks with somebody whose app speaks `code`. */
export function spoken(code) {
  return String(code ?? "").toLowerCase().startsWith("fr") ? "fr" : "en";
}

/** Return a sentence in a language, its {names} filled in. */
export function say(language, key, values = {}) {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Return the time of day of a Telegram date, as "14:05". */
export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** Return the day of a Telegram date, as "23 November". */
export function day(seconds, language) {
  const tag = { en: "en-GB", fr: "fr-FR" }[language];
  return new Date(seconds * 1000).toLocaleDateString(tag, { day: "numeric", month: "long" });
}

/** Return a file size for people. */
export function fileSize(bytes, language) {
  const units = language === "fr" ? ["o", "Ko", "Mo"] : ["B", "KB", "MB"];
  const step = bytes < 1024 ? 0 : bytes < 1024 * 1024 ? 1 : 2;
  const figure = step === 0 ? String(bytes) : (bytes / 1024 ** step).toFixed(1);
  return `${language === "fr" ? figure.replace(".", ",") : figure}\u00a0${units[step]}`;
}
