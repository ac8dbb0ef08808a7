using System.Globalization;
using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// The original fer2013.csv (columns emotion, pixels, Usage, in any order). Its class order is not the folders': labels are
/// mapped to the names in alphabetical order. Rows become images in the order the folder form has (part, class, id), the id being
/// the usage and the row's number, such as <c>Training_00000042</c>; the archive's file names have other numbers, which the CSV
/// does not tell.
/// </summary>
internal static class FerCsv
{
    private static readonly string[] EmotionNames = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"];

    private static readonly string[] ColumnNames = ["emotion", "pixels", "Usage"];

    private static readonly string[] Usages = ["Training", Parts.PublicTest, Parts.PrivateTest];

    public static ImageSet Read(string path, ImageReading options, ImageAssembly assembly)
    {
        var classes = new ClassNames(PartClasses.InOrder(EmotionNames));
        var rows = new List<(ImageFile File, DecodedImage Image)>();
        int[]? columns = null;
        using var reader = File.OpenText(path);
        foreach (var (line, fields) in Csv.Read(reader, path))
        {
            if (fields is [var only] && string.IsNullOrWhiteSpace(only)) continue;
            if (columns is null)
            {
                columns = Columns(path, fields);
                continue;
            }
            try
            {
                rows.Add(Row(fields, columns, line - 2, classes));
            }
            catch (InvalidDataException e)
            {
                if (!options.SkipBad) throw new InvalidDataException($"{path}:{line}: {e.Message}", e);
                assembly.Skipped.Add(new($"{path}:{line}", e.Message));
            }
        }
        if (rows.Count == 0) throw new InvalidDataException($"{path}: holds no row");
        PartClasses.RequireSame(path, rows.Select(r => (r.File.Part, classes[r.File.Label])));
        var sorted = rows.OrderBy(r => Parts.Order(r.File.Part)).ThenBy(r => r.File.Label)
            .ThenBy(r => r.File.Id, StringComparer.Ordinal).ToList();
        return assembly.Build(classes, [.. sorted.Select(r => r.File)], i => sorted[i].Image);
    }

    private static int[] Columns(string path, string[] header)
    {
        int[] at = [.. ColumnNames.Select(name => Array.FindIndex(header, h => h.Trim(' ', '\uFEFF') == name))];
        return !at.Contains(-1) ? at : throw new InvalidDataException(
            $"{path}: the columns are [{string.Join(", ", header.Take(5).Select(h => Human.Short(h.Trim())))}]; a csv of images "
            + "needs emotion, pixels and Usage, as fer2013.csv has them");
    }

    private static (ImageFile, DecodedImage) Row(string[] fields, int[] columns, int row, ClassNames classes)
    {
        if (fields.Length <= columns.Max())
            throw new InvalidDataException($"has {fields.Length} fields of {columns.Max() + 1}: the file is truncated");
        if (!int.TryParse(fields[columns[0]], NumberStyles.None, CultureInfo.InvariantCulture, out var emotion)
            || emotion >= EmotionNames.Length)
        {
            throw new InvalidDataException($"emotion '{Human.Short(fields[columns[0]])}' is not 0 to {EmotionNames.Length - 1}");
        }
        var usage = fields[columns[2]].Trim();
        var part = Usages.Contains(usage) ? Parts.Of(usage)
            : throw new InvalidDataException($"Usage '{Human.Short(usage)}' is not known; one of: {string.Join(", ", Usages)}");
        var pixels = Pixels(fields[columns[1]]);
        var side = (int)Math.Sqrt(pixels.Length);
        if (side == 0 || side * side != pixels.Length) throw new InvalidDataException($"{pixels.Length} pixels are no square");
        var id = FormattableString.Invariant($"{usage}_{row:00000000}");
        return (new(id, id, classes.IndexOf(EmotionNames[emotion]), part), new(new(1, side, side), pixels));
    }

    private static byte[] Pixels(ReadOnlySpan<char> text)
    {
        var pixels = new byte[text.Trim().Count(' ') + 1];
        var n = 0;
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (word.IsEmpty) continue;
            if (!byte.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out pixels[n++]))
                throw new InvalidDataException($"pixel '{Human.Short(word.ToString())}' is not 0 to 255");
        }
        return n == pixels.Length ? pixels : pixels[..n];
    }
}
