using System.Text.Json;
using System.Text.Json.Nodes;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Training;

/// <summary>What makes a training run what it is, as saved in options.json and in the header of every checkpoint.</summary>
/// <param name="Format">The version of this record.</param>
/// <param name="Data">Fingerprint of the images.</param>
/// <param name="Split">Hash of the split they were chosen by, or empty.</param>
/// <param name="Classes">Class names in label order.</param>
/// <param name="From">Whose networks it started from; null: from random ones.</param>
/// <param name="Judge">SHA-256 of the classifier whose features choose the best snapshot; null: pixels do.</param>
public sealed record GanRun(
    string Format, ulong Seed, string Data, string Split, IReadOnlyList<string> Classes, ImageShape Shape,
    GanTrainingOptions Options,
    TransferSource? From = null, string? Judge = null)
{
    /// <summary>The format this code writes and reads.</summary>
    public const string CurrentFormat = "understudy/gan-run/3";

    /// <summary>The run whose folder this is.</summary>
    /// <exception cref="InvalidDataException">No run, or one of another version.</exception>
    public static GanRun Load(string folder)
    {
        var path = Path.Combine(folder, RunDirectory.OptionsName);
        if (!File.Exists(path)) throw new InvalidDataException($"{folder} holds no generator's run: {path} is missing");
        var text = File.ReadAllText(path);
        if (!IsClassifiers(text)) return Parse(text, path);
        throw new InvalidDataException($"{folder} is a classifier's run, not a generator's; "
            + "the same understudy classify train goes on with it");
    }

    /// <summary>Whether a folder holds a generator's run, of whatever version.</summary>
    internal static bool IsIn(string folder)
    {
        var options = Path.Combine(folder, RunDirectory.OptionsName);
        return File.Exists(options) && File.ReadAllText(options).Contains("\"understudy/gan-run/", StringComparison.Ordinal);
    }

    /// <summary>Whether options.json is of the other kind of training, whose records have no format.</summary>
    private static bool IsClassifiers(string json)
    {
        try { return JsonNode.Parse(json) is JsonObject root && root["format"] is null && root["data_fingerprint"] is not null; }
        catch (JsonException) { return false; }
    }

    /// <param name="source">What is read, for error messages.</param>
    internal static GanRun Parse(string json, string source)
    {
        JsonObject? root;
        try
        {
            root = JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{source}: {e.Message}", e);
        }
        var format = root?["format"]?.ToString();
        if (format != CurrentFormat)
        {
            throw new InvalidDataException($"{source}: format '{format ?? "none"}' is not {CurrentFormat}; "
                + "start a new run in another folder with --out, or use the version of understudy that wrote it");
        }
        return StrictJson.Read<GanRun>(root!.ToJsonString(), source);
    }
}
