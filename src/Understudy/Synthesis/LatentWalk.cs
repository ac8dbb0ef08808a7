using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Synthesis;

/// <summary>The space in which a walk goes from face to face.</summary>
public enum WalkSpace
{
    /// <summary>
    /// On the sphere of z's (slerp), so that every step is as likely a face as its ends; between two classes in w.
    /// </summary>
    Z,

    /// <summary>Straight in w.</summary>
    W,
}

/// <summary>A walk from face to face: through seeds, through classes, or both.</summary>
/// <param name="Stations">The faces it passes, two or more.</param>
/// <param name="StepsPerLeg">Images from one station to the next, the latter not counted; 1 to 1000.</param>
/// <param name="Loop">Comes back to the first: played in a loop, nothing jumps. Otherwise ends at the last.</param>
public sealed record LatentWalk(IReadOnlyList<Face> Stations, int StepsPerLeg, bool Loop = true, WalkSpace Space = WalkSpace.Z)
{
    /// <summary>Images of the whole walk.</summary>
    public int Length => Legs * StepsPerLeg + (Loop ? 0 : 1);

    private int Legs => Loop ? Stations.Count : Stations.Count - 1;

    /// <exception cref="OptionException">Names the key, the value and the range.</exception>
    public LatentWalk Validate()
    {
        if (Stations.Count < 2)
            throw new OptionException("seeds: a walk needs two stations; give two seeds, or one seed and two classes");
        OptionException.RequireRange("steps", StepsPerLeg, 1, 1000);
        return this;
    }

    /// <summary>The images along the walk, each uint8 [C, H, W].</summary>
    /// <exception cref="OptionException">Options out of range, or a class that the generator does not know.</exception>
    public IReadOnlyList<byte[]> Draw(Sampler sampler, ToolOptions options)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        Validate();
        var latents = new Latents(sampler, options);
        var images = new List<byte[]>(Length);
        for (int leg = 0; leg < Legs; leg++)
        {
            using var pause = CollectionPause.Begin();
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            var (from, to) = (Stations[leg], Stations[(leg + 1) % Stations.Count]);
            var steps = StepsPerLeg + (!Loop && leg == Legs - 1 ? 1 : 0);
            var shares = Enumerable.Range(0, steps).Select(i => (float)i / StepsPerLeg).ToArray();
            images.AddRange(latents.Draw(Leg(latents, from, to, shares)));
        }
        return images;
    }

    /// <summary>ws at the shares of the way from one face to another, [shares, NumWs, w_dim].</summary>
    private Tensor Leg(Latents latents, Face from, Face to, float[] shares)
    {
        using var scope = NewDisposeScope();
        var t = tensor(shares).view(-1, 1, 1);
        if (Space == WalkSpace.W)
        {
            var ends = latents.Map([from, to]);
            return (ends[..1] + (ends[1..] - ends[..1]) * t).MoveToOuterDisposeScope();
        }
        var (a, b) = (latents.Z(from.Seed), latents.Z(to.Seed));
        var z = stack(shares.Select(share => Slerp(a, b, share)));
        var start = latents.Map(z, [.. Enumerable.Repeat(from.Label, shares.Length)]);
        if (from.Label == to.Label) return start.MoveToOuterDisposeScope();
        var end = latents.Map(z, [.. Enumerable.Repeat(to.Label, shares.Length)]);
        return (start + (end - start) * t).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Spherical interpolation (Shoemake 1985): along the great circle from a to b, the length going evenly from one's to the
    /// other's. Equal or opposite directions have no great circle of their own; there the straight line is taken.
    /// </summary>
    /// <param name="a">[dim], not zero.</param>
    /// <param name="share">0 gives a, 1 gives b.</param>
    public static Tensor Slerp(Tensor a, Tensor b, double share)
    {
        using var scope = NewDisposeScope();
        var (lengthA, lengthB) = (a.norm().item<float>(), b.norm().item<float>());
        var cosine = Math.Clamp((a * b).sum().item<float>() / ((double)lengthA * lengthB), -1, 1);
        var angle = Math.Acos(cosine);
        if (Math.Sin(angle) < 1e-4) return (a * (1 - share) + b * share).MoveToOuterDisposeScope();
        var direction = a * (Math.Sin((1 - share) * angle) / (Math.Sin(angle) * lengthA))
            + b * (Math.Sin(share * angle) / (Math.Sin(angle) * lengthB));
        return (direction * (lengthA + (lengthB - lengthA) * share)).MoveToOuterDisposeScope();
    }
}
