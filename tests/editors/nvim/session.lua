-- A session of a real Neovim with the server: nvim --clean --headless -l session.lua
--
-- It does what a user does, through the functions behind the keys `K` and `gra`, and waits for what the server says, never for
-- time to pass. The exit code is 0 when every check held. What a user would see is written to OUT.

local repository, workspace_dir, out = vim.env.SESSION_ROOT, vim.env.SESSION_WORKSPACE, vim.env.SESSION_OUT
local checks = dofile(repository .. '/tests/editors/nvim/checks.lua')
local check, finish, keep, need, wait = checks.check, checks.finish, checks.keep, checks.need, checks.wait
local encoding = vim.env.SESSION_ENCODING or 'utf-8'

-- The workspace that every editor's session works on, and how it differs from what it should be 'before' or 'after' the rename.
local workspace = { old = 'total_area', new = 'summed_area', changed = { 'report.py', 'shapes.py', 'survey/plan.py', 'survey/windows.py' } }

local function on_workspace(...)
  local done = vim.system({ 'python3', repository .. '/tests/editors/workspace.py', ... }, { text = true }):wait()
  assert(done.code == 0, done.stderr)
  return done.stdout
end

-- What the user is asked and told --------------------------------------------------------------------------------------------

local menu
vim.ui.select = function(items, options, choose)
  local titles = {}
  for i, item in ipairs(items) do
    titles[i] = (options.format_item or tostring)(item)
  end
  menu = { titles = titles, items = items, choose = choose }
end

local progress = {}
vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event)
    local value = event.data.params.value
    table.insert(progress, { kind = value.kind, title = value.title or '' })
  end,
})

-- Opens the menu where the cursor stands; returns its titles.
local function open_menu(name)
  menu = nil
  vim.lsp.buf.code_action()
  wait(function()
    return menu ~= nil
  end)
  local titles = menu and menu.titles or {}
  keep(name, table.concat(titles, '\n'))
  return titles
end

-- Takes the first entry of the open menu whose title matches.
local function take(pattern)
  for i, title in ipairs(menu and menu.titles or {}) do
    if title:find(pattern) then
      menu.choose(menu.items[i], i)
      return title
    end
  end
end

local function edit(path)
  vim.cmd.edit(workspace_dir .. '/' .. path)
  vim.cmd('doautocmd FileType')
end

-- Puts the cursor on the nth occurrence of `word` in the buffer.
local function go_to(word, nth)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  for _ = 1, nth or 1 do
    if vim.fn.search('\\V' .. word, 'W') == 0 then
      return false
    end
  end
  return true
end

-- The text of the floating window that hover opens.
local function hover(name)
  vim.lsp.buf.hover()
  local float
  wait(function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        float = window
      end
    end
    return float ~= nil
  end)
  if not float then
    return ''
  end
  local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(float), 0, -1, false), '\n')
  vim.api.nvim_win_close(float, true)
  keep(name, text)
  return text
end

-- The session ---------------------------------------------------------------------------------------------------------------

on_workspace('write', workspace_dir)
vim.opt.hidden = true
vim.opt.swapfile = false
vim.opt.runtimepath:prepend(repository .. '/editors/nvim')

local ended
vim.lsp.config('tierline', {
  capabilities = { general = { positionEncodings = { encoding } } },
  on_exit = function(code, signal)
    ended = { code = code, signal = signal }
  end,
})
vim.lsp.enable('tierline')
edit('shapes.py')

need('attaches by vim.lsp.enable', wait(function()
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'tierline' })[1]
  return client ~= nil and client.initialized
end), checks.told)
local client = vim.lsp.get_clients({ bufnr = 0, name = 'tierline' })[1]
check('the root is the folder with .git', vim.uv.fs_realpath(client.root_dir) == vim.uv.fs_realpath(workspace_dir), client.root_dir)
check('positions are counted in ' .. encoding, client.offset_encoding == encoding, client.offset_encoding)

-- One question at a time: the next is asked when the last was answered.
local status, asking = nil, false
need('the workspace is indexed', wait(function()
  if not asking then
    asking = true
    client:request('tierline/status', nil, function(err, result)
      status, asking = err or result, false
    end)
  end
  return status ~= nil and status.indexing == false and status.files > 0
end), status)
-- A small workspace is indexed before a progress would be worth showing; one that was begun must come to its end.
check('no progress is left standing', wait(function()
  return #progress == 0 or progress[#progress].kind == 'end'
end), progress)

go_to(workspace.old)
local text = hover('hover-definition')
check('hover on the definition opens a window', text ~= '')
check('hover says what it cost: nothing', text:find('$0', 1, true) ~= nil, text)
check('hover says who uses it in other files', text:find('3 files', 1, true) ~= nil and text:find('describe', 1, true) ~= nil, text)

local titles = open_menu('menu-symbol')
check('the menu names the symbol', table.concat(titles, '\n'):find(workspace.old, 1, true) ~= nil, titles)
check('the menu explains', table.concat(titles, '\n'):find('Explain', 1, true) ~= nil, titles)
local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
params.context = { diagnostics = {}, triggerKind = 2 }
local answer = client:request_sync('textDocument/codeAction', params, checks.patience_ms, 0)
check('nothing is offered while the cursor only moves', answer and not answer.err and vim.tbl_isempty(answer.result or {}), answer)

-- The second occurrence stands behind an emoji on its line: the range of the hover shows whether both count the same.
edit('survey/plan.py')
go_to(workspace.old, 3)
local place = vim.lsp.util.make_position_params(0, client.offset_encoding)
answer = client:request_sync('textDocument/hover', place, checks.patience_ms, 0)
local range = answer and answer.result and answer.result.range
local length = #workspace.old
check('a hover behind an emoji covers the name', range and range.start.line == place.position.line
  and range.start.character == place.position.character and range['end'].character == place.position.character + length, answer)

need('the instruction is found', go_to('tierline: rename'))
titles = open_menu('menu-instruction')
need('the menu offers to carry it out', take('^Carry out: rename total_area to summed_area') ~= nil, titles)

local function buffer(path)
  local number = vim.fn.bufnr(workspace_dir .. '/' .. path)
  return number > 0 and vim.api.nvim_buf_is_loaded(number) and table.concat(vim.api.nvim_buf_get_lines(number, 0, -1, false), '\n') or ''
end

local function all_buffers(condition)
  return wait(function()
    return vim.iter(workspace.changed):all(function(path)
      return condition(buffer(path))
    end)
  end)
end

need('every file is changed in a buffer', all_buffers(function(lines)
  return lines:find(workspace.new, 1, true) ~= nil and lines:find('tierline: rename', 1, true) == nil
end), checks.told)
check('nothing is written before the user does', on_workspace('differing', workspace_dir, 'before') == '')
keep('told-after-rename', table.concat(checks.told, '\n'))
vim.cmd('silent wall')
local differing = on_workspace('differing', workspace_dir, 'after')
check('on disk it is as expected, and no other byte changed', differing == '', differing)

edit('survey/plan.py')
go_to(workspace.new, 2)
titles = {}
-- The offer to undo appears when the server has read back what the editor did.
need('the menu offers to undo', wait(function()
  titles = open_menu('menu-undo')
  return table.concat(titles, '\n'):find('Undo', 1, true) ~= nil
end), titles)
take('^Undo')
need('every buffer is as before', all_buffers(function(lines)
  return lines ~= '' and lines:find(workspace.new .. '(', 1, true) == nil
end), checks.told)
vim.cmd('silent wall')
differing = on_workspace('differing', workspace_dir, 'before')
check('undone, the files are equal byte for byte', differing == '', differing)
keep('told', table.concat(checks.told, '\n'))

-- Edits by a model ------------------------------------------------------------------------------------------------------------

local function lines(first, last)
  return table.concat(vim.api.nvim_buf_get_lines(0, first, last, false), '\n')
end

-- Opens the menu until it holds what is looked for, takes it, and waits until the buffer shows what comes of it.
local function carry_out(name, entry, expected)
  local seen = {}
  need('the menu offers: ' .. name, wait(function()
    seen = open_menu('menu-' .. name)
    return vim.iter(seen):any(function(title)
      return title:find(entry) ~= nil
    end)
  end), seen)
  take(entry)
  local held = wait(function()
    return lines(0, -1):find(expected, 1, true) ~= nil
  end)
  check('the buffer shows: ' .. name, held, lines(0, -1) .. '\n' .. table.concat(checks.told, '\n'))
  keep('buffer-' .. name, lines(0, -1))
end

-- Undoes the last edit by the menu, and waits until the buffer is as it was.
local function undone(name, before)
  need('the menu offers to undo: ' .. name, wait(function()
    return table.concat(open_menu('menu-undo-' .. name), '\n'):find('Undo', 1, true) ~= nil
  end))
  take('^Undo')
  check('undone: ' .. name, wait(function()
    return lines(0, -1) == before
  end), lines(0, -1))
end

edit('report.py')
local before = lines(0, -1)
go_to('describe')
carry_out('document', '^Document `describe`', 'Describes the sides')
check('the documentation is a docstring', lines(0, -1):find('\n    """Describes the sides, each as a square."""\n', 1, true) ~= nil)
undone('document', before)

go_to('for side in sides')
local cursor = vim.api.nvim_win_get_cursor(0)
vim.diagnostic.set(vim.api.nvim_create_namespace('linter'), 0, {
  {
    lnum = cursor[1] - 1, col = cursor[2], end_lnum = cursor[1] - 1, end_col = cursor[2] + 8,
    message = 'iterates over what may change', severity = vim.diagnostic.severity.WARN,
    user_data = { lsp = {
      range = {
        start = { line = cursor[1] - 1, character = cursor[2] },
        ['end'] = { line = cursor[1] - 1, character = cursor[2] + 8 },
      },
      message = 'iterates over what may change', severity = 2,
    } },
  },
})
carry_out('fix', '^Fix “iterates over what may change”', 'for side in list(sides)')
undone('fix', before)
vim.diagnostic.reset()

edit('survey/plan.py')
go_to('def enough')
local above = vim.api.nvim_win_get_cursor(0)[1] - 1
vim.api.nvim_buf_set_lines(0, above, above, false, { '# tierline: ask here for more than enough' })
before = lines(0, -1)
vim.api.nvim_win_set_cursor(0, { above + 1, 0 })
carry_out('instruction', '^Carry out: ask here for more than enough', 'found > wanted')
check('the comment is gone', lines(0, -1):find('ask here', 1, true) == nil)
undone('instruction', before)
vim.api.nvim_buf_set_lines(0, above, above + 1, false, {})

local input
vim.ui.input = function(options, answer)
  input = options.prompt
  answer('be stricter')
end
go_to('def enough')
vim.cmd('normal! Vjjj')
open_menu('menu-selection')
need('the menu offers to rewrite the selection', take('^Rewrite selection…') ~= nil, menu and menu.titles)
vim.cmd('normal! \27')
check('Neovim asks for the words', wait(function()
  return input ~= nil
end), input)
check('the selection is rewritten by them', wait(function()
  return lines(0, -1):find('found > wanted', 1, true) ~= nil
end), table.concat(checks.told, '\n'))
keep('told-edits', table.concat(checks.told, '\n'))

-- A job is called off by its name, and its request with it.
local function command(name, argument)
  local reply = client:request_sync('workspace/executeCommand', { command = name, arguments = { argument } }, checks.patience_ms, 0)
  return reply and reply.result or {}
end
before = lines(0, -1)
go_to('def twice')
local here = vim.lsp.util.make_range_params(0, client.offset_encoding)
local job = command('tierline.server.rewrite', {
  v = 1, uri = here.textDocument.uri, range = here.range, instruction = 'take your time',
}).job
need('a job answers with its name at once', job ~= nil)
check('it is called off', command('tierline.server.cancel', { v = 1, job = job }).cancelled == true)
check('the user is told', wait(function()
  return table.concat(checks.told, '\n'):find('cancelled; nothing was changed', 1, true) ~= nil
end), checks.told)
check('nothing was changed', lines(0, -1) == before)

go_to('def twice')
vim.fn.search('twice', 'c')
need('the menu offers to explain', wait(function()
  return table.concat(open_menu('menu-explain'), '\n'):find('Explain `twice`', 1, true) ~= nil
end))
take('^Explain')
check('a document opens beside', wait(function()
  return vim.api.nvim_buf_get_name(0):find('twice%.md$') ~= nil and lines(0, -1):find('asks each shape for its area', 1, true) ~= nil
end), vim.api.nvim_buf_get_name(0) .. '\n' .. table.concat(checks.told, '\n'))
keep('explain', lines(0, -1))

edit('survey/plan.py')
go_to('def twice')
vim.fn.search('twice', 'c')
text = ''
need('the second hover holds the summary', wait(function()
  text = hover('hover-summary')
  return text:find('Adds up what each shape', 1, true) ~= nil
end), text)

client:stop()
check('the server stops when asked', wait(function()
  return client:is_stopped() and ended ~= nil
end))
check('it ends with code 0', ended and ended.code == 0 and ended.signal == 0, ended)
finish()
