package sandbox

import "fmt"

// emulated are the calls carried out here, besides getUpdates. A call the schema knows
// but this table does not is refused and counted as a violation.
func emulated() map[string]handler {
	return map[string]handler{
		"getMe": getMe, "getChat": getChat, "leaveChat": leaveChat,
		"setWebhook": setWebhook, "deleteWebhook": deleteWebhook, "getWebhookInfo": getWebhookInfo,
		"sendMessage": sendMessage, "sendLocation": sendLocation, "sendMediaGroup": sendMediaGroup,
		"sendPhoto": sendMedia("photo"), "sendDocument": sendMedia("document"), "sendVideo": sendMedia("video"),
		"sendVoice": sendMedia("voice"), "sendVideoNote": sendMedia("video_note"), "sendAudio": sendMedia("audio"),
		"sendAnimation": sendMedia("animation"), "sendChatAction": sendChatAction,
		"copyMessage":     copyMessage,
		"editMessageText": editMessageText, "editMessageCaption": editMessageCaption,
		"editMessageReplyMarkup": editMessageReplyMarkup,
		"deleteMessage":          deleteMessage, "deleteMessages": deleteMessages,
		"answerCallbackQuery": answerCallbackQuery, "getFile": getFile,
		"setMyCommands": setMyCommands, "getMyCommands": getMyCommands, "deleteMyCommands": deleteMyCommands,
		"setMyName": store("name"), "getMyName": stored("name"),
		"setMyDescription": store("description"), "getMyDescription": stored("description"),
		"setMyShortDescription": store("short_description"), "getMyShortDescription": stored("short_description"),
		"setChatMenuButton": ignored, "setMyDefaultAdministratorRights": ignored,
		"logOut": ignored, "close": ignored,
	}
}

// commandsKey tells command lists apart by whom they are for.
func commandsKey(c *call) string {
	scope, _ := c.params["scope"].(map[string]any)
	kind := stringParam(scope, "type")
	if kind == "" {
		kind = "default"
	}
	return fmt.Sprintf("commands/%s/%d/%s", kind, intParam(scope, "chat_id"), stringParam(c.params, "language_code"))
}

// commandsFor is the menu a person's phone shows: the narrowest list there is.
// The caller holds mu.
func (s *Server) commandsFor(user int64) []any {
	for _, key := range []string{
		fmt.Sprintf("commands/chat/%d/zh", user), fmt.Sprintf("commands/chat/%d/", user),
		"commands/all_private_chats/0/zh", "commands/all_private_chats/0/",
		"commands/default/0/zh", "commands/default/0/",
	} {
		if list, ok := s.settings[key].([]any); ok {
			return list
		}
	}
	return nil
}
