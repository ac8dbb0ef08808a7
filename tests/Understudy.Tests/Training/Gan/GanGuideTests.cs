using System.Reflection;
using System.Text.Json;
using Understudy.Training;

namespace Understudy.Tests.Training;

/// <summary>docs/guide/training-a-generator.md is where a user looks for what --set takes.</summary>
public sealed class GanGuideTests
{
    private static readonly string Guide =
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "guide", "training-a-generator.md"));

    private static readonly JsonSerializerOptions InSnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [Fact]
    public void Guide_EveryOptionAndPreset_IsInIt()
    {
        var keys = typeof(GanTrainingOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite)
            .Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name));
        Assert.All(keys.Concat(GanTrainingOptions.Presets), k => Assert.Contains($"`{k}`", Guide, StringComparison.Ordinal));
    }

    /// <summary>"| `batch` | 16 | …": the tables tell the preset's own values.</summary>
    [Fact]
    public void Guide_NumbersOfItsTables_AreThePresets()
    {
        var preset = JsonSerializer.SerializeToElement(GanTrainingOptions.Preset("cpu-tiny"), InSnakeCase);
        var rows = Guide.Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries));
        var compared = 0;
        foreach (var row in rows.Where(r => r.Length > 4))
        {
            var (keys, values) = (row[1].Split(", "), row[2].Split(", "));
            for (int i = 0; i < keys.Length; i++)
            {
                if (!preset.TryGetProperty(keys[i].Trim('`'), out var own) || own.ValueKind != JsonValueKind.Number
                    || values[^1].Contains(' ', StringComparison.Ordinal)) continue;
                if (!double.TryParse(values[Math.Min(i, values.Length - 1)], System.Globalization.CultureInfo.InvariantCulture,
                    out var told)) continue;
                Assert.True(told == own.GetDouble(), $"{keys[i]}: the guide says {told}, the preset has {own.GetDouble()}");
                compared++;
            }
        }
        Assert.True(compared > 20, $"{compared} numbers compared");
    }
}
