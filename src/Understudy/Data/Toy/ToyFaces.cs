using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// Drawn faces with known factors: expression, identity, pose, light, occlusion, noise. They carry FER2013's seven class names,
/// cost nobody's privacy, and come with the truth (who, how strongly, copied from where) that real sets lack.
/// </summary>
public static class ToyFaces
{
    /// <summary>FER2013's seven names, in alphabetical order.</summary>
    public static ClassNames Classes { get; } = new(["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]);

    /// <summary>
    /// Face i depends on the options' seed and i only: a longer set begins with the shorter one (planted copies aside).
    /// </summary>
    /// <exception cref="OptionException">An option out of range.</exception>
    /// <exception cref="InvalidDataException">More than 2 GB of pixels.</exception>
    public static (ImageSet Set, ToyFactors[] Factors) Draw(ToyFacesOptions options)
    {
        options.Validate();
        var shape = new ImageShape(options.Channels, options.Size, options.Size);
        ImageLimits.RequireFits(options.Count, shape);
        var pixels = new byte[(long)options.Count * shape.Size];
        var factors = new ToyFactors[options.Count];
        Parallel.For(0, options.Count, () => new ToyCanvas(options.Channels, options.Size), (i, _, canvas) =>
        {
            var original = Original(options, i);
            factors[i] = Factors(options, original) with { CopyOf = original == i ? -1 : original };
            if (original != i && i < options.Count - options.ExactCopies) factors[i] = Nudged(options, factors[i], i);
            var noise = factors[i].CopyOf >= 0 && i >= options.Count - options.ExactCopies ? original : i;
            ToyPainter.Paint(canvas, factors[i], ToyPerson.Draw(options.Seed, factors[i].Identity, options.Variety),
                new(options.Seed, "toy/look", original));
            canvas.Finish(factors[i], new(options.Seed, "toy/light", original), new(options.Seed, "toy/noise", noise),
                pixels.AsSpan(i * shape.Size, shape.Size));
            return canvas;
        }, _ => { });
        string[] ids = [.. Enumerable.Range(0, options.Count).Select(i => FormattableString.Invariant($"toy-{i:000000}"))];
        return (new(Classes, shape, ids, [.. factors.Select(f => f.Expression)], pixels), factors);
    }

    /// <summary>The face that face <paramref name="i"/> shows: itself, or the one it is a planted copy of.</summary>
    private static int Original(ToyFacesOptions o, int i)
    {
        var fresh = o.Count - o.ExactCopies - o.NearCopies;
        return i < fresh ? i : new KeyedRandom(o.Seed, "toy/copy", i).Next(fresh);
    }

    private static ToyFactors Nudged(ToyFacesOptions o, ToyFactors f, int i)
    {
        var r = new KeyedRandom(o.Seed, "toy/nudge", i);
        return f with
        {
            Shift = (f.Shift.X + r.Uniform(-.012, .012), f.Shift.Y + r.Uniform(-.012, .012)),
            Scale = f.Scale * r.Uniform(.985, 1.015)
        };
    }

    private static ToyFactors Factors(ToyFacesOptions o, int i)
    {
        var r = new KeyedRandom(o.Seed, "toy/face", i);
        var (n, v) = (Classes.Count, o.Variety);
        var expression = new KeyedRandom(o.Seed, "toy/class", i / n).Permutation(n)[i % n];   // every seven faces show all seven
        var identity = o.Identities == 0 ? i : r.Next(o.Identities);
        var occlusion = r.Uniform() < .30 * o.Noise ? Occlusions[r.Next(Occlusions.Length)] : "none";
        return new(expression, identity,
            Intensity: Math.Clamp(1 - v * .78 * (1 - Math.Sqrt(r.Uniform())), 0, 1),
            Shift: (.05 * v * Clipped(r), .05 * v * Clipped(r)),
            Roll: .13 * v * Clipped(r),
            Yaw: Math.Clamp(.5 * v * Clipped(r), -1, 1),
            Scale: 1 + .07 * v * Clipped(r),
            Light: r.Uniform(0, .45) * o.Noise,
            occlusion,
            Noise: (2 + 10 * r.Uniform() * r.Uniform()) * o.Noise);
    }

    private static readonly string[] Occlusions = ["glasses", "glasses", "dark glasses", "hand", "bar"];

    private static double Clipped(KeyedRandom r) => Math.Clamp(r.Normal(), -2, 2);
}
