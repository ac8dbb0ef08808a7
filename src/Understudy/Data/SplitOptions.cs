using Understudy.Common;

namespace Understudy.Data;

/// <summary>The share of the images each role gets. The shares sum to 1.</summary>
/// <param name="UseParts">A set's own test part becomes <see cref="Role.Test"/> and its validation part
/// <see cref="Role.Validation"/>; the shares of the other roles are then taken of what remains, in proportion.</param>
/// <param name="TestPart">Which of several test parts is the test, by its name (<c>PrivateTest</c>): the others are then for
/// validation. Null: all are.</param>
public sealed record SplitOptions(
    ulong Seed = 0, double Generator = .7, double Judge = 0, double Validation = .1, double Holdout = 0, double Test = .2,
    bool UseParts = true,
    string? TestPart = null)
{
    /// <summary>The share of a role.</summary>
    public double Share(Role role) => role switch
    {
        Role.Generator => Generator,
        Role.Judge => Judge,
        Role.Validation => Validation,
        Role.Holdout => Holdout,
        _ => Test,
    };

    /// <exception cref="OptionException">A share outside [0, 1], or shares that do not sum to 1.</exception>
    public SplitOptions Validate()
    {
        if (TestPart is not null && !UseParts)
        {
            throw new OptionException($"test_part: '{TestPart}' is a part of the set, and its parts are to be ignored; say one "
                + "or the other");
        }
        foreach (var role in Enum.GetValues<Role>()) OptionException.RequireRange(role.Word(), Share(role), 0, 1);
        var sum = Enum.GetValues<Role>().Sum(Share);
        return Math.Abs(sum - 1) < 1e-9 ? this : throw new OptionException(FormattableString.Invariant(
            $"split: the shares sum to {sum:0.####}; give generator, judge, validation, holdout and test shares that sum to 1"));
    }
}
