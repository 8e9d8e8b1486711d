using System.Text.Json;

var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();

var ledger = new Ledger(Path.Combine("/var", "lib", "ledger"));

app.MapGet("/", () => ledger.Balance());
app.MapPost("/entries", (Entry entry) =>
{
    ledger.Append(entry);
    return Results.Created($"/entries/{entry.Id}", entry);
});

app.Run();

internal sealed record Entry(Guid Id, string Text, decimal Amount);

internal sealed class Ledger(string folder)
{
    private readonly object _gate = new();
    private readonly List<Entry> _entries = [];

    public decimal Balance()
    {
        lock (_gate) return _entries.Sum(e => e.Amount);
    }

    public void Append(Entry entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
            var file = Path.Combine(folder, $"{DateTime.UtcNow:yyyy-MM}.ndjson");
            File.AppendAllText(file, JsonSerializer.Serialize(entry) + Environment.NewLine);
        }
    }
}
