using System.Text;
using System.Text.Json;

namespace Understudy.Data;

/// <summary>
/// Finds classes, parts and ids in the paths of a folder or zip: <c>&lt;class&gt;/x.png</c> or
/// <c>train|val|test/&lt;class&gt;/x.jpg</c>, under at most one folder or a few that hold all of it. Class order: that of
/// <c>manifest.json</c>, else ordinal.
/// </summary>
internal static class ImageLayout
{
    private const string Expected = "expected <class>/x.png, or train/<class>/x.png and test/<class>/x.png";

    private static readonly string[] Companions = ["labels.csv", "manifest.json", "split.csv", "summary.json", "license",
        "license.txt", "readme", "readme.md", "readme.txt"];

    /// <exception cref="InvalidDataException">No images, or a layout that is not understood; the message names the first path
    /// that does not fit.</exception>
    public static ImageListing Recognise(FileBag bag, bool skipBad)
    {
        var images = bag.Files.Where(IsImage).ToList();
        var others = bag.Files.Where(f => !IsImage(f) && !Companions.Contains(f[(f.LastIndexOf('/') + 1)..].ToLowerInvariant()))
            .ToList();
        if (images.Count == 0)
        {
            throw new InvalidDataException(
                $"{bag.Source}: holds no image ({string.Join(", ", ImageCodec.Extensions)}); {Expected}"
                + (others.Count > 0 ? $"; it holds {others.Count} other files, such as {others[0]}" : ""));
        }
        var notes = new List<string>();
        if (others.Count > 0)
        {
            notes.Add($"{others.Count} {(others.Count == 1 ? "file that is no image is" : "files that are no images are")} left "
                + $"out: {string.Join(", ", others.Take(3))}{(others.Count > 3 ? ", …" : "")}");
        }

        var root = Wrapper(images);
        var labels = ImageLabels.ReadFrom(bag, root);
        var placed = Place(images, root, bag.Source, labels);
        var order = ManifestClasses(bag, root);
        RequireNoEmptyClass(bag, root, placed, order, skipBad, notes);
        PartClasses.RequireSame(bag.Source, placed.Select(p => (p.Part, p.Class)));
        var names = PartClasses.InOrder(placed.Select(p => p.Class));
        if (order is not null && names.FirstOrDefault(n => !order.Contains(n)) is { } unknown)
            throw new InvalidDataException($"{bag.Source}: manifest.json lists the classes [{string.Join(", ", order)}], and "
                + $"there is a folder '{unknown}'; mend the list or remove the folder");
        var classes = new ClassNames(order ?? names);
        var ids = labels is null
            ? Ids([.. placed.Select(p => p.Path[root.Length..])]) : [.. placed.Select(p => labels[p.Path[root.Length..]].Id)];
        var parts = Parts.Halved([.. placed.Select(p => p.Part)], ids);
        return new(classes, [.. placed.Select((p, i) => new ImageFile(p.Path, ids[i], classes.IndexOf(p.Class), parts[i]))
            .OrderBy(f => Parts.Order(f.Part))
            .ThenBy(f => f.Label).ThenBy(f => f.Path, StringComparer.Ordinal)], notes);
    }

    private sealed record Placed(string Path, string? Part, string Class);

    private static bool IsImage(string path) => ImageCodec.Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());

    /// <summary>The folders around everything ("fer2013/"), or nothing.</summary>
    private static string Wrapper(List<string> images)
    {
        var root = "";
        while (images[0].IndexOf('/', root.Length) is > 0 and var end)
        {
            var next = images[0][..(end + 1)];
            if (Parts.Of(next[root.Length..^1]) is not null) break;
            if (!images.TrueForAll(i => i.StartsWith(next, StringComparison.Ordinal) && i.IndexOf('/', next.Length) > 0)) break;
            root = next;
        }
        return root;
    }

    private static List<Placed> Place(List<string> images, string root, string source, ImageLabels? labels)
    {
        var split = images.ConvertAll(i => (Path: i, Segments: i[root.Length..].Split('/')));
        var parts = split.Exists(s => s.Segments.Length > 2 && Parts.Of(s.Segments[0]) is not null);
        return split.ConvertAll(s =>
        {
            var part = parts ? Parts.Of(s.Segments[0]) : null;
            if (s.Segments.Length == 1) throw new InvalidDataException($"{source}: {s.Path} lies in no class folder; {Expected}");
            if (parts ? part is null || s.Segments.Length != 3 : s.Segments.Length != 2)
                throw new InvalidDataException($"{source}: {s.Path} does not fit the layout of the others, such as "
                    + $"{(split[0].Path == s.Path ? split[^1].Path : split[0].Path)}; {Expected}");
            if (!parts && split.TrueForAll(x => Parts.Of(x.Segments[0]) is not null))
                throw new InvalidDataException($"{source}: {s.Path} lies in a part but in no class folder; {Expected}");
            var folder = s.Segments[^2];
            return new Placed(s.Path, part, labels?.ClassOf(s.Path[root.Length..], folder) ?? folder);
        });
    }

    private static void RequireNoEmptyClass(FileBag bag, string root, List<Placed> placed, IReadOnlyList<string>? order,
        bool skipBad, List<string> notes)
    {
        var parts = placed[0].Part is not null;
        var full = placed.Select(p => p.Path[..p.Path.LastIndexOf('/')]).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in bag.Folders.Where(f => f.StartsWith(root, StringComparison.Ordinal)))
        {
            var segments = folder[root.Length..].Split('/');
            if (segments.Length != (parts ? 2 : 1) || (parts && Parts.Of(segments[0]) is null) || full.Contains(folder)) continue;
            if (order?.Contains(segments[^1]) == true) continue;
            if (!skipBad)
            {
                throw new InvalidDataException($"{bag.Source}: the class folder {folder} holds no image; fill it, remove it, or "
                    + "say --skip-bad to do without");
            }
            notes.Add($"the class folder {folder} holds no image and is left out");
        }
    }

    /// <summary>The <c>classes</c> list of manifest.json at the root, where there is one.</summary>
    private static IReadOnlyList<string>? ManifestClasses(FileBag bag, string root)
    {
        if (bag.Files.BinarySearch(root + "manifest.json", StringComparer.Ordinal) < 0) return null;
        try
        {
            using var json = JsonDocument.Parse(Encoding.UTF8.GetString(bag.Read(root + "manifest.json")));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("classes", out var list)
                && list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String)
                ? [.. list.EnumerateArray().Select(v => v.GetString()!)] : null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{bag.Source}: manifest.json is no JSON ({e.Message}); mend it or remove it", e);
        }
    }

    /// <summary>Stems where they are unique; else relative paths without their ending; else relative paths.</summary>
    public static string[] Ids(string[] paths)
    {
        foreach (var form in (ReadOnlySpan<Func<string, string>>)[p => Path.GetFileNameWithoutExtension(p)!,
            p => Path.ChangeExtension(p, null)])
        {
            string[] ids = [.. paths.Select(form)];
            if (ids.Distinct(StringComparer.Ordinal).Count() == ids.Length) return ids;
        }
        return paths;
    }
}
