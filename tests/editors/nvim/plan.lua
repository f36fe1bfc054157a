-- A session of a real Neovim with a plan: nvim --clean --headless -l plan.lua
--
-- A refactor over several files is planned, the plan is read, one of its steps is unticked, the rest is applied over four files (one of
-- them new, one renamed), and undone. The model server is a script. The exit code is 0 when every check held; what a user would see is
-- written to OUT.

local root, workspace, out = vim.env.SESSION_ROOT, vim.env.SESSION_WORKSPACE, vim.env.SESSION_OUT
local checks = dofile(root .. '/tests/editors/nvim/checks.lua')
local check, finish, keep, wait = checks.check, checks.finish, checks.keep, checks.wait

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
end

-- What the window shows: the lines that are not in a fold, and for each fold what stands for it.
local function folded()
  local lines, number = {}, 1
  while number <= vim.fn.line('$') do
    local last = vim.fn.foldclosedend(number)
    table.insert(lines, last == -1 and vim.fn.getline(number) or vim.fn.foldtextresult(number))
    number = math.max(number, last) + 1
  end
  return lines
end

local menu
-- The question that comes before a change by models is applied: it is answered with a look at the diff, then with yes.
local asked, diff = false, nil
vim.ui.select = function(items, options, choose)
  menu = { titles = vim.tbl_map(options.format_item or tostring, items), items = items, choose = choose }
  if menu.titles[1] == 'Apply' and menu.titles[2] == 'Show diff' then
    asked = true
    choose(items[2], 2)
  elseif menu.titles[1] == 'Apply' then
    vim.schedule(function()
      diff = folded()
      choose(items[1], 1)
    end)
  end
end

-- Opens the menu where the cursor stands, and takes the entry that begins so.
local function take(title)
  menu = nil
  vim.lsp.buf.code_action()
  wait(function()
    return menu ~= nil
  end)
  for i, offered in ipairs(menu and menu.titles or {}) do
    if vim.startswith(offered, title) then
      menu.choose(menu.items[i], i)
      return true
    end
  end
  return false
end

local function contents(path)
  local buffer = vim.fn.bufnr(workspace .. '/' .. path)
  if buffer > 0 and vim.api.nvim_buf_is_loaded(buffer) then
    return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') .. '\n'
  end
  local file = io.open(workspace .. '/' .. path)
  local found = file and file:read('*a') or ''
  if file then
    file:close()
  end
  return found
end

vim.system({ 'python3', root .. '/tests/editors/workspace.py', 'write', workspace }):wait()
vim.opt.swapfile, vim.opt.hidden = false, true
vim.opt.runtimepath:prepend(root .. '/editors/nvim')
vim.lsp.enable('tierline')
vim.cmd.edit(workspace .. '/shapes.py')
vim.cmd('doautocmd FileType')
local client
if not check('it attaches', wait(function()
  client = vim.lsp.get_clients({ name = 'tierline', bufnr = 0 })[1]
  return client ~= nil and client.initialized
end)) then
  finish()
end
local status, asking = nil, false
check('the workspace is indexed', wait(function()
  if not asking then
    asking = true
    client:request('tierline/status', nil, function(_, result)
      status, asking = result, false
    end)
  end
  return status ~= nil and status.indexing == false and status.files > 0
end), status)

local before = { shapes = contents('shapes.py'), report = contents('report.py'), plan = contents('survey/plan.py') }
require('tierline').refactor('plan the refactor of the shapes')
if not check('the plan opens', wait(function()
  return vim.api.nvim_buf_get_name(0):find('/tierline/plans/', 1, true) ~= nil and vim.fn.search('\\*\\*e5\\*\\*', 'nw') > 0
end), checks.told) then
  finish()
end
keep('plan', text())
local step = vim.fn.search('\\*\\*e1\\*\\*', 'w')
check('each step is folded to its line', step > 0 and vim.fn.foldclosed(step + 1) == step, vim.fn.foldclosed(step + 1))
check('and nothing else is', vim.fn.foldclosed(vim.fn.search('^## Goal', 'w')) == -1 and vim.fn.foldclosed(vim.fn.search('^The workers', 'w')) == -1)
vim.cmd('normal! zR')
check('nothing has been changed', contents('shapes.py') == before.shapes and vim.fn.filereadable(workspace .. '/notes.py') == 0)
check('the server is asked about it', wait(function()
  return #vim.lsp.get_clients({ name = 'tierline', bufnr = 0 }) == 1
end))

vim.fn.search('\\*\\*e5\\*\\*')
vim.cmd('s/\\[x\\]/[y]/')
check('what cannot be read is marked at its line', wait(function()
  local found = vim.diagnostic.get(0)
  return #found == 1 and found[1].lnum == vim.fn.line('.') - 1
end), vim.diagnostic.get(0))
vim.cmd('s/\\[y\\]/[ ]/')
check('and no longer when it can', wait(function()
  return #vim.diagnostic.get(0) == 0
end), vim.diagnostic.get(0))
keep('plan-unticked', text())

check('the ticked steps are applied', take('Apply the ticked steps (4 of 5)') and wait(function()
  return checks.was_told('files (')
end), { checks.told, menu and menu.titles })
check('the user was asked before', asked)
check('and saw each file of the diff as a line', diff and vim.tbl_contains(diff, '   -0    +3  notes.py') and vim.iter(diff):all(function(line)
  return not line:find('^[+-]')
end), diff or 'no diff')
keep('diff', table.concat(diff or {}, '\n'))
keep('menu', table.concat(menu and menu.titles or {}, '\n'))
keep('told', table.concat(checks.told, '\n'))
check('a symbol was edited', contents('shapes.py'):find('return side * 4', 1, true) ~= nil, contents('shapes.py'))
check('a file is new', contents('notes.py') == '"""Notes on shapes."""\n\nNOTES = []\n', contents('notes.py'))
check('a file is renamed', contents('summary.py'):find('def describe', 1, true) ~= nil and vim.fn.filereadable(workspace .. '/report.py') == 0)
check('another one was edited, after it', contents('survey/plan.py'):find('return fields', 1, true) == nil and contents('survey/plan.py'):find('total_area(fields) * 2', 1, true) ~= nil, contents('survey/plan.py'))
check('what was not ticked is as it was', contents('shapes.py'):find('return self.side * self.side', 1, true) ~= nil)

vim.cmd.edit(workspace .. '/shapes.py')
checks.told = {}
require('tierline').undo()
check('all of it is undone', wait(function()
  return checks.was_told('undone')
end), checks.told)
check('every text is as it was', contents('shapes.py') == before.shapes and contents('survey/plan.py') == before.plan and contents('report.py') == before.report, contents('shapes.py'))
check('and the new file is gone', wait(function()
  return vim.fn.filereadable(workspace .. '/notes.py') == 0 and vim.fn.filereadable(workspace .. '/summary.py') == 0
end))
keep('told-undo', table.concat(checks.told, '\n'))

for _, running in ipairs(vim.lsp.get_clients()) do
  running:stop()
end
wait(function()
  return #vim.lsp.get_clients() == 0
end)
finish()
