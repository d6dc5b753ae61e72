import { SLACK, TELEGRAM } from "../scripted/habits.ts";
import { scriptedWorld } from "../scripted/world.ts";
import { chatPlatformContract } from "./chat-platform.ts";

chatPlatformContract("A platform with the habits of Telegram", () => scriptedWorld(TELEGRAM));
chatPlatformContract("A platform with the habits of Slack", () => scriptedWorld(SLACK));
