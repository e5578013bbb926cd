/** The texts of signing in and of the first set-up. */
export const SIGN_IN_TEXTS = {
  title: { en: "Sign in", zh: "登录" },
  intro: { en: "The console is for New Day's operators.", zh: "控制台供 New Day 运维人员使用。" },
  login: { en: "Login", zh: "登录名" },
  password: { en: "Password", zh: "密码" },
  code: { en: "Code of the authenticator app", zh: "身份验证器应用的验证码" },
  codeDescription: { en: "The six digits that the app shows now.", zh: "应用当前显示的六位数字。" },
  signIn: { en: "Sign in", zh: "登录" },
  haveCode: {
    en: "I have a one-time code: first start, invitation or lost password",
    zh: "我有一次性代码：首次启动、受邀或忘记密码",
  },
  setUpTitle: { en: "Use a one-time code", zh: "使用一次性代码" },
  setUpIntro: {
    en: "`npm start` prints a code for the first owner while there is none; `newday operator first-owner` prints a new one. An owner makes codes for others.",
    zh: "尚无所有者时，npm start 会显示首位所有者的代码；newday operator first-owner 可生成新的代码。其他人的代码由所有者生成。",
  },
  oneTimeCode: { en: "One-time code", zh: "一次性代码" },
  isFirst: { en: "It is the code of the first owner", zh: "这是首位所有者的代码" },
  loginDescription: {
    en: "Letters a to z, digits and . _ @ + -; you sign in with it.",
    zh: "字母 a 至 z、数字以及 . _ @ + -；用于登录。",
  },
  displayName: { en: "Name", zh: "姓名" },
  newPassword: { en: "New password", zh: "新密码" },
  passwordDescription: {
    en: "15 characters or more, such as four words.",
    zh: "至少 15 个字符，例如四个词语。",
  },
  again: { en: "New password again", zh: "再次输入新密码" },
  different: { en: "The two passwords differ.", zh: "两次输入的密码不一致。" },
  setPassword: { en: "Set the password", zh: "设置密码" },
  passwordSet: {
    en: "The password of {login} is set. Sign in with it.",
    zh: "{login} 的密码已设置，请登录。",
  },
  toSignIn: { en: "To the sign-in", zh: "前往登录" },
} as const;
