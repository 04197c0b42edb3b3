"""Files the bot sends, made when they are delivered: receipts, charts, tables. The libraries are imported late."""
