// What the grid says, in Chinese and in English.

const WORDS = {
  undo: ["撤销", "Undo"],
  redo: ["重做", "Redo"],
  addRow: ["添加一行", "Add a row"],
  removeRows: ["删除所选行", "Delete selected rows"],
  nextFault: ["下一处问题", "Next problem"],
  history: ["修改记录", "Who changed this"],
  keys: ["键盘操作", "Keyboard"],
  saved: ["已全部保存", "All changes saved"],
  saving: ["正在保存…", "Saving…"],
  offline: ["连不上服务器，修改保留在本页，稍后自动重试", "No connection; changes are kept on this page and sent again"],
  refused: ["有修改未能保存：", "Not saved: "],
  blank: ["空白", "blank"],
  newRow: ["新的一行", "new row"],
  row: ["第 {n} 行", "row {n}"],
  loading: ["载入中…", "Loading…"],
  error: ["错误", "Error"],
  warning: ["警告", "Warning"],
  note: ["提示", "Note"],
  locked: ["此格不可修改", "This cell cannot be changed"],
  required: ["必填", "required"],
  pasted: ["已粘贴 {rows} 行 × {columns} 列", "Pasted {rows} rows × {columns} columns"],
  cutOff: ["；超出最右一列的内容未粘贴", "; what lay beyond the last column was left out"],
  noMoreRows: ["；不能在此增加行，多出的行未粘贴", "; no rows can be added here, the surplus was left out"],
  copied: ["已复制 {rows} 行 × {columns} 列", "Copied {rows} rows × {columns} columns"],
  removed: ["已删除 {rows} 行，可撤销", "Deleted {rows} rows; undo brings them back"],
  checking: ["正在核对整份档案，稍候", "The whole dossier is being checked; one moment"],
  nothingLeft: ["本表没有错误和警告", "This register has no errors and no warnings"],
  conflictTitle: ["同一处刚被他人修改", "Someone else changed the same cells"],
  conflictIntro: [
    "您的修改没有覆盖对方的内容。请逐项决定以哪一个为准。",
    "Your change did not overwrite theirs. Decide for each which one holds.",
  ],
  mine: ["我填的", "Mine"],
  theirs: ["现在的内容", "What stands there now"],
  takeMine: ["改用我填的", "Use mine"],
  takeTheirs: ["保留现在的", "Keep theirs"],
  removeAnyway: ["仍然删除", "Delete anyway"],
  keepRow: ["保留该行", "Keep the row"],
  rowChanged: ["整行（我要删除）", "whole row (I deleted it)"],
  rowGone: ["该行已被他人删除", "the row was deleted by someone else"],
  leave: ["再按 Tab 离开表格", "Press Tab again to leave the grid"],
  close: ["关闭", "Close"],
  help: [
    [
      ["方向键、Tab", "移动；按住 Shift 选择多格"],
      ["Enter 或 F2", "修改；直接打字则重填"],
      ["Alt+Enter", "格内换行"],
      ["Esc", "放弃修改；再按 Tab 离开表格"],
      ["Delete", "清空所选格"],
      ["Ctrl+C、Ctrl+V", "与 Excel、WPS 互相复制粘贴"],
      ["Ctrl+Z、Ctrl+Y", "撤销、重做"],
      ["Ctrl+Delete", "删除所选行"],
      ["Ctrl+方向键、Home、End", "跳到表的边缘"],
      ["F8", "下一处问题"],
    ],
    [
      ["Arrows, Tab", "move; with Shift select several cells"],
      ["Enter or F2", "edit; typing replaces the content"],
      ["Alt+Enter", "line break within the cell"],
      ["Esc", "give up the edit; then Tab leaves the grid"],
      ["Delete", "clear the selected cells"],
      ["Ctrl+C, Ctrl+V", "copy to and paste from Excel and WPS"],
      ["Ctrl+Z, Ctrl+Y", "undo, redo"],
      ["Ctrl+Delete", "delete the selected rows"],
      ["Ctrl+arrows, Home, End", "jump to the edge of the table"],
      ["F8", "next problem"],
    ],
  ],
};

/** A function that says a word in `language`, with `{name}` filled from its second argument. */
export function speaker(language) {
  const index = language === "en" ? 1 : 0;
  return (name, values = {}) => {
    const word = WORDS[name][index];
    return typeof word === "string" ? word.replace(/\{(\w+)\}/g, (_, key) => values[key]) : word;
  };
}
