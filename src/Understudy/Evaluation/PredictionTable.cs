using System.Globalization;
using Understudy.Common;

namespace Understudy.Evaluation;

/// <summary>
/// The rows of a predictions.csv as they stand, before anything refuses numbers that are no probabilities, or ids given twice.
/// </summary>
/// <param name="Labels">Class indices.</param>
/// <param name="Probabilities">[N, K].</param>
internal sealed record PredictionTable(string[] Classes, string[] Ids, int[] Labels, float[,] Probabilities)
{
    /// <summary>Whether this is the first line of such a file.</summary>
    public static bool IsHeader(IReadOnlyList<string> fields) => fields.Count >= 3 && fields[0] == "id" && fields[1] == "label";

    /// <exception cref="InvalidDataException">The line and what is wrong with it.</exception>
    public static PredictionTable Load(string path)
    {
        using var reader = File.OpenText(path);
        string[]? classes = null;
        var ids = new List<string>();
        var labels = new List<int>();
        var table = new List<float[]>();
        foreach (var (line, f) in Csv.Read(reader, path))
        {
            if (classes is null)
            {
                if (!IsHeader(f))
                    throw new InvalidDataException($"{path}:{line}: the header must be id,label and one column per class");
                classes = f[2..];
                continue;
            }
            var row = new float[classes.Length];
            var ok = f.Length == classes.Length + 2 && Array.IndexOf(classes, f[1]) >= 0;
            for (int k = 0; ok && k < classes.Length; k++)
                ok = float.TryParse(f[k + 2], NumberStyles.Float, CultureInfo.InvariantCulture, out row[k]);
            if (!ok)
                throw new InvalidDataException($"{path}:{line}: needs an id, a label of [{string.Join(", ", classes)}] and "
                    + $"{classes.Length} numbers");
            ids.Add(f[0]);
            labels.Add(Array.IndexOf(classes, f[1]));
            table.Add(row);
        }
        if (classes is null) throw new InvalidDataException($"{path}: is empty");
        var p = new float[table.Count, classes.Length];
        for (int i = 0; i < table.Count; i++)
        {
            for (int k = 0; k < classes.Length; k++) p[i, k] = table[i][k];
        }
        return new(classes, [.. ids], [.. labels], p);
    }

    /// <param name="source">For the message: the path it is from.</param>
    /// <exception cref="InvalidDataException">An id given twice, a number that is no probability, a class named
    /// twice.</exception>
    public Predictions ToPredictions(string source)
    {
        try
        {
            return new(Classes, Ids, Labels, Probabilities);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(source + e.Message["predictions".Length..], e);
        }
    }
}
