-- Tierline's functions, which the command `:Tierline` and the <Plug> mappings call. Nothing has to be set up.

local client = require('tierline.client')
local life = require('tierline.life')

local M = {}

--- Changes the configuration of the server and enables it: the same as `vim.lsp.config` and `vim.lsp.enable`, in one call for
--- plugin managers that want one.
---@param options vim.lsp.Config?
function M.setup(options)
  if options and next(options) then
    vim.lsp.config('tierline', options)
  end
  vim.lsp.enable('tierline')
end

--- Shows what is known of the symbol under the cursor, and adds the summary when it comes.
function M.hover()
  require('tierline.hover').hover()
end

-- Rounded up, as the server spells it: two digits from a dollar on, four below, six below a hundredth of a cent.
local function dollars(micro)
  if micro == 0 then
    return '$0'
  end
  local digits = micro < 100 and 6 or micro < 1000000 and 4 or 2
  local unit = 10 ^ (6 - digits)
  return ('$%.' .. digits .. 'f'):format(math.ceil(micro / unit) * unit / 1e6)
end

--- The state for a statusline: `Tierline`, with the share that is indexed or with what models cost today; empty without a server.
---@return string
function M.status()
  local status = life.status
  if not status then
    return client.get() and 'Tierline' or ''
  end
  if status.indexing then
    local progress = type(status.progress) == 'table' and status.progress or {}
    local share = (progress.total or 0) > 0 and (' %d%%%%'):format(math.floor(100 * progress.done / progress.total)) or ''
    return 'Tierline …' .. share
  end
  local cost = type(status.cost) == 'table' and status.cost.today_micro_usd
  return type(cost) == 'number' and 'Tierline ' .. dollars(cost) or 'Tierline'
end

local function ask(prompt, given, done)
  if given and given ~= '' then
    done(given)
    return
  end
  vim.ui.input({ prompt = prompt }, function(text)
    if text and vim.trim(text) ~= '' then
      done(vim.trim(text))
    end
  end)
end

local function jump(hit)
  local encoding = (client.get() or {}).offset_encoding or 'utf-16'
  vim.lsp.util.show_document(hit.location, encoding, { focus = true })
end

local function line_of(hit)
  local path = vim.fn.fnamemodify(vim.uri_to_fname(hit.location.uri), ':.')
  return ('%s  %s:%d%s'):format(hit.name, path, hit.location.range.start.line + 1, hit.why ~= '' and '  ' .. hit.why or '')
end

--- Asks where something is, and goes to what is chosen.
---@param question string? asked for where it is missing
---@param to_quickfix boolean? list the answers instead
function M.lookup(question, to_quickfix)
  ask('Where is … ', question, function(text)
    client.execute('lookup', { question = text, limit = 20 }, function(answer)
      local hits = vim.tbl_filter(function(hit)
        return type(hit.location) == 'table'
      end, answer.hits)
      local title = ('%s (%s, %s)'):format(text, answer.tier, dollars(answer.cost_micro_usd))
      if #hits == 0 then
        client.say('nothing found: ' .. title)
      elseif to_quickfix then
        local encoding = (client.get() or {}).offset_encoding or 'utf-16'
        local items = {}
        for i, hit in ipairs(hits) do
          items[i] = vim.lsp.util.locations_to_items({ hit.location }, encoding)[1]
          items[i].text = hit.name .. (hit.why ~= '' and ': ' .. hit.why or '')
        end
        vim.fn.setqflist({}, ' ', { title = title, items = items })
        vim.cmd.copen()
      else
        vim.ui.select(hits, { prompt = title, kind = 'tierline.lookup', format_item = line_of }, function(hit)
          if hit then
            jump(hit)
          end
        end)
      end
    end)
  end)
end

--- Changes several files by one sentence. The change comes into buffers; nothing is written.
---@param instruction string? asked for where it is missing
function M.refactor(instruction)
  ask('Refactor: ', instruction, function(text)
    client.execute('refactor', { instruction = text, uri = vim.uri_from_bufnr(0) })
  end)
end

--- Explains the symbol under the cursor, in a document.
function M.explain()
  client.execute('explain', client.place())
end

--- Documents the symbol under the cursor.
function M.document()
  client.execute('document', client.place())
end

--- Undoes the last refactor of the workspace.
function M.undo()
  client.execute('undo', { uri = vim.uri_from_bufnr(0) })
end

-- Shows what a command of the program prints, in a window that `q` closes.
local function show(name, arguments)
  client.run(arguments, function(done)
    local text = vim.trim(done.stdout ~= '' and done.stdout or done.stderr)
    vim.cmd('botright new')
    local buffer = vim.api.nvim_get_current_buf()
    vim.bo[buffer].buftype, vim.bo[buffer].bufhidden, vim.bo[buffer].swapfile = 'nofile', 'wipe', false
    pcall(vim.api.nvim_buf_set_name, buffer, 'tierline://' .. name)
    vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(text, '\n'))
    vim.bo[buffer].modifiable = false
    vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, nowait = true })
  end)
end

--- Shows what models cost, by day.
function M.report()
  show('report', { 'report', '--by', 'day' })
end

--- Shows what is configured and what is wrong with it.
function M.doctor()
  show('doctor', { 'doctor' })
end

--- Starts the server anew.
function M.restart()
  life.forget()
  life.restart()
end

--- Opens Neovim's log of language servers, in which the server's own words stand too.
function M.log()
  vim.cmd.tabnew(vim.lsp.log.get_filename())
end

return M
