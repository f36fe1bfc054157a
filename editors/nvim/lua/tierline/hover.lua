-- A hover that fills in: what the index knows at once, and the summary when a model has made it.

local client = require('tierline.client')

local M = {}

local namespace = vim.api.nvim_create_namespace('tierline.hover')

local function lines_of(contents)
  return vim.lsp.util.convert_input_to_markdown_lines(contents)
end

-- Puts other lines into the window and gives it their size.
local function fill(window, buffer, lines)
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  local widest = 1
  for _, line in ipairs(lines) do
    widest = math.max(widest, vim.fn.strdisplaywidth(line))
  end
  vim.api.nvim_win_set_width(window, math.min(widest, math.max(40, math.floor(vim.o.columns * 0.7))))
  vim.api.nvim_win_set_height(window, math.max(1, vim.api.nvim_win_text_height(window, {}).all))
end

-- A line of the window that is no text of it: that something is still to come, or why it does not.
local function note(buffer, text)
  vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
  if text then
    local last = vim.api.nvim_buf_line_count(buffer) - 1
    vim.api.nvim_buf_set_extmark(buffer, namespace, last, 0, { virt_text = { { '  ' .. text, 'Comment' } } })
  end
end

--- Shows what is known of the symbol under the cursor in a window of its own, and adds the summary to it.
function M.hover()
  local place = client.place()
  local params = { textDocument = { uri = place.uri }, position = place.position }
  client.request('textDocument/hover', params, function(plain)
    if not plain then
      client.say('nothing is known here')
      return
    end
    local lines = lines_of(plain.contents)
    local buffer, window = vim.lsp.util.open_floating_preview(lines, 'markdown', { focus_id = 'tierline', border = 'rounded' })
    local server = client.get()
    if not vim.tbl_get(server or {}, 'server_capabilities', 'experimental', 'tierline', 'summary') then
      return
    end
    note(buffer, '…')
    local cancel = client.request('tierline/summary', params, function(whole)
      if not (vim.api.nvim_win_is_valid(window) and vim.api.nvim_buf_is_valid(buffer)) then
        return
      end
      note(buffer, type(whole) == 'table' and type(whole.note) == 'string' and whole.note or nil)
      if type(whole) == 'table' and type(whole.contents) == 'table' then
        fill(window, buffer, lines_of(whole.contents))
      end
    end)
    -- Who closes the window no longer waits, and a model that nobody waits for is called off.
    vim.api.nvim_create_autocmd('WinClosed', {
      pattern = tostring(window),
      once = true,
      callback = function()
        if cancel then
          cancel()
        end
      end,
    })
  end)
end

return M
