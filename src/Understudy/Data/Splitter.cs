using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// Gives every image one role: by seed, evenly over the classes, groups (a person, a session, copies of one image) never torn
/// apart. It depends on ids, labels and groups, not on the order of the images in the set.
/// </summary>
public static class Splitter
{
    private static readonly Role[] Roles = Enum.GetValues<Role>();

    /// <param name="groups">One name per image, or null; images of one name get one role. An empty name is a group of its own.
    /// The official parts come first: a group that reaches into the test part stays together outside it only.</param>
    /// <exception cref="OptionException">Shares that do not make a split.</exception>
    /// <exception cref="InvalidDataException">A role that is asked for and gets no image.</exception>
    public static Split Make(ImageSet set, SplitOptions options, IReadOnlyList<string>? groups = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        options.Validate();
        RequireTestPart(set, options.TestPart);
        if (groups is not null && groups.Count != set.Count)
            throw new ArgumentException($"{groups.Count} groups are given for {set.Count} images");
        var roles = new Role[set.Count];
        var free = new List<int>();
        var official = new HashSet<Role>();
        for (int i = 0; i < set.Count; i++)
        {
            if (options.UseParts && OfficialRole(set.Parts?[i], options.TestPart) is { } role) official.Add(roles[i] = role);
            else free.Add(i);
        }
        if (free.Count > 0) Deal(set, options, free, groups, Shares(options, official), roles);
        foreach (var role in Roles)
        {
            var got = roles.Count(r => r == role);
            if (got == 0 && options.Share(role) > 0)
                throw new InvalidDataException(
                    FormattableString.Invariant($"split: {role.Word()} gets none of {set.Count} images at ")
                    + FormattableString.Invariant(
                        $"a share of {options.Share(role)}; give more images, larger shares, or a share of 0"));
        }
        return new(set.Ids.Select((id, i) => KeyValuePair.Create(id, roles[i])));
    }

    /// <summary>Whether the set brings a part of its own for this role.</summary>
    public static bool FilledByPart(ImageSet set, Role role, string? testPart = null) =>
        set.Parts?.Any(p => OfficialRole(p, testPart) == role) == true;

    /// <summary>
    /// The set's own parts that decide a role, in words: "PublicTest is validation, PrivateTest is test"; empty where none does.
    /// </summary>
    public static string OwnParts(ImageSet set, SplitOptions options) =>
        string.Join(", ", (options.UseParts ? set.Parts ?? [] : []).Distinct(StringComparer.Ordinal)
        .SelectMany(p => OfficialRole(p, options.TestPart) is { } role ? (string[])[$"{p} is {role.Word()}"] : []));

    private static Role? OfficialRole(string? part, string? testPart) => part == Parts.Validation ? Role.Validation
        : !Parts.IsTest(part) ? null : testPart is null || part == testPart ? Role.Test : Role.Validation;

    private static void RequireTestPart(ImageSet set, string? testPart)
    {
        if (testPart is null || set.Parts?.Contains(testPart) == true && Parts.IsTest(testPart)) return;
        var tests = set.Parts?.Where(Parts.IsTest).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList() ?? [];
        throw new OptionException($"test_part: the set has no test part '{testPart}'; it has "
            + $"{(tests.Count == 0 ? "none" : string.Join(", ", tests))}");
    }

    /// <summary>The shares of the roles that no official part fills, summing to 1.</summary>
    private static double[] Shares(SplitOptions options, HashSet<Role> official)
    {
        double[] shares = [.. Roles.Select(r => official.Contains(r) ? 0 : options.Share(r))];
        var sum = shares.Sum();
        return sum > 0 ? [.. shares.Select(s => s / sum)]
            : throw new OptionException("split: the set brings its own test or validation part, and no other role has a share; "
                + "give one to generator");
    }

    private static void Deal(ImageSet set, SplitOptions options, List<int> free, IReadOnlyList<string>? groups, double[] shares,
        Role[] roles)
    {
        var classes = set.Classes.Count;
        var counts = new int[classes];
        foreach (var i in free) counts[set.Labels[i]]++;
        int[][] open = [.. counts.Select(n => LargestRemainder(n, shares))];   // [class][role]: images still wanted

        // Whole groups first, the largest first, each where it is most wanted; then single images fill what is open, exactly.
        var bundles = free.GroupBy(i => string.IsNullOrEmpty(groups?[i]) ? (false, set.Ids[i]) : (true, groups[i]))
            .Select(g =>
                (Images: g.ToList(),
                    Key: Seeds.For(options.Seed, "split/" + g.Select(i => set.Ids[i]).Min(StringComparer.Ordinal))))
            .OrderByDescending(g => g.Images.Count).ThenBy(g => g.Key).ToList();
        foreach (var (images, _) in bundles.TakeWhile(b => b.Images.Count > 1))
        {
            var wanted = Most(images, set, open, shares);
            foreach (var i in images)
            {
                roles[i] = Roles[wanted];
                open[set.Labels[i]][wanted]--;
            }
        }
        foreach (var ofClass in bundles.SkipWhile(b => b.Images.Count > 1).Select(b => b.Images[0]).GroupBy(i => set.Labels[i]))
        {
            var images = ofClass.ToList();
            var room = Fit(open[ofClass.Key], images.Count);
            var next = 0;
            for (int role = 0; role < Roles.Length; role++)
            {
                for (int k = 0; k < room[role]; k++) roles[images[next++]] = Roles[role];
            }
        }
    }

    /// <summary>The role with most room for the group: the smallest overshoot, then the largest relative need.</summary>
    private static int Most(List<int> images, ImageSet set, int[][] open, double[] shares)
    {
        var need = new int[open.Length];
        foreach (var i in images) need[set.Labels[i]]++;
        var (best, score) = (-1, (Over: int.MaxValue, Need: 0.0));
        for (int role = 0; role < Roles.Length; role++)
        {
            if (shares[role] == 0) continue;
            var over = need.Select((n, c) => Math.Max(0, n - Math.Max(0, open[c][role]))).Sum();
            var relative = need.Select((n, c) => n == 0 ? 0 : open[c][role]).Sum() / shares[role];
            if (over < score.Over || (over == score.Over && relative > score.Need)) (best, score) = (role, (over, relative));
        }
        return best;
    }

    /// <summary>
    /// Room per role, cut where groups took more than their role's share, so that it sums to <paramref name="count"/>.
    /// </summary>
    private static int[] Fit(int[] open, int count)
    {
        int[] room = [.. open.Select(o => Math.Max(0, o))];
        for (var excess = room.Sum() - count; excess > 0; excess--) room[Array.IndexOf(room, room.Max())]--;
        return room;
    }

    /// <summary><paramref name="count"/> in whole numbers by share: rounded down, the rest to the largest remainders.</summary>
    internal static int[] LargestRemainder(int count, double[] shares)
    {
        int[] whole = [.. shares.Select(s => (int)Math.Floor(s * count + 1e-9))];
        var rest = count - whole.Sum();
        foreach (var k in Enumerable.Range(0, shares.Length).OrderByDescending(k => shares[k] * count - whole[k])
            .ThenByDescending(k => shares[k]).Take(rest)) whole[k]++;
        return whole;
    }
}
