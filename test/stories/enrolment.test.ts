import { story } from "./story.ts";

story("goes as it went", "zh-CN", async (talk) => {
  await talk.is("newcomer");
  await talk.writes("我要看待办");
  await talk.sees("您好，这里是“传达”。我还不认识您：请发邀请码，或者扫码。您刚才做的先替您留着。");
  await talk.writes("/todo");
  await talk.sees("您好，这里是“传达”。我还不认识您：请发邀请码，或者扫码。您刚才做的先替您留着。");
  await talk.brings();
  await talk.sees("请选语言 / Choose your language");
  await talk.presses("中文");
  await talk.sees("您好，这里是凉山彝族自治州的“传达”。", "请选语言 / Choose your language");
  await talk.writes("/todo");
  await talk.sees("先替您留着。请先答完这一步：", "您好，这里是凉山彝族自治州的“传达”。");
  await talk.presses("同意");
  await talk.sees("您要登记为礼州穗川木器厂的工人。您叫什么名字？", "您好，这里是凉山彝族自治州的“传达”。");
  await talk.writes("李小燕");
  await talk.sees("将登记为礼州穗川木器厂的工人：", "您要登记为礼州穗川木器厂的工人。您叫什么名字？");
  await talk.presses("改姓名");
  await talk.sees("您要登记为礼州穗川木器厂的工人。您叫什么名字？", "将登记为礼州穗川木器厂的工人：");
  await talk.writes("李燕");
  await talk.sees("将登记为礼州穗川木器厂的工人：", "您要登记为礼州穗川木器厂的工人。您叫什么名字？");
  await talk.presses("对，登记");
  await talk.sees(
    "记下了，李燕：礼州穗川木器厂的工人。接着办您刚才的事：",
    "今天没有要您办的事。",
    "将登记为礼州穗川木器厂的工人：",
  );
  await talk.is("principal");
  await talk.sees("复工复产，先守住安全");
  await talk.presses("✅ 我来负责（何德昌）");
  await talk.sees("✅ 何德昌 --:-- 已认领");
});
